import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { RtspParser } from '../../src/rtsp/message.js'
import { rtpPacket } from '../../src/rtp/packet.js'
import { interleave, serialize } from '../../src/rtsp/serialize.js'

/** Framed packets with distinct sequence numbers. */
const framed = (sequence: number, size = 300) =>
  interleave(0, rtpPacket({ payloadType: 96, marker: false }, { sequence, timestamp: 7, ssrc: 1 }, Buffer.alloc(size, sequence)))
const answer = serialize({ status: 200, headers: { CSeq: '9' } })
/** Sequence numbers of packets, statuses of answers. */
const seen = (...chunks: Buffer[]) => {
  const parser = new RtspParser()
  return chunks.flatMap(chunk => Array.from(parser.push(chunk), message => message.kind === 'interleaved' ? message.payload.readUInt16BE(2) : message.kind === 'response' ? message.status : NaN))
}
const half = (sequence: number) => framed(sequence).subarray(0, 150)
/** A byte that is neither a line break nor in any header. */
const garbage = (size: number) => Buffer.alloc(size, 0xaa)

t.test('between the messages of a camera', async t => {
  t.test('a packet that was cut short is skipped, and no other one', async t => {
    t.same(seen(Buffer.concat([framed(1), half(2), framed(3), framed(4), framed(5)])), [1, 3, 4, 5])
    t.same(seen(Buffer.concat([framed(1), framed(2).subarray(0, 6), framed(3), framed(4)])), [1, 3, 4], 'within its header')
    t.same(seen(Buffer.concat([framed(1), half(2), half(3), framed(4), framed(5)])), [1, 4, 5], 'two in a row')
    t.same(seen(Buffer.concat([framed(1), half(2), answer, framed(3), framed(4, 20), framed(5)])), [1, 3, 4, 5], 'an answer after it is lost with it')
  })
  t.test('the bytes after it are found, however the stream is split', async () => {
    const stream = Buffer.concat([framed(1), half(2), ...[3, 4, 5, 6].map(sequence => framed(sequence)), answer, framed(7), framed(8)])
    fc.assert(fc.property(fc.array(fc.nat(stream.length), { maxLength: 12 }), cuts => {
      const places = [0, ...cuts.sort((a, b) => a - b), stream.length]
      const found = seen(...places.slice(1).map((place, index) => stream.subarray(places[index], place)))
      assert.deepEqual(found.filter(number => number !== 2 && number !== 3), [1, 4, 5, 6, 200, 7, 8]) // without looking ahead, 2 includes a part of 3
    }), { numRuns: 300 })
  })
  t.test('anything that is neither a packet nor a message is skipped', async t => {
    t.same(seen(Buffer.concat([framed(1), garbage(500), framed(2), framed(3)])), [1, 2, 3])
    t.same(seen(Buffer.concat([framed(1), garbage(20), Buffer.from('$\0\0\x10'), garbage(20), framed(2), answer])), [1, 2, 200], 'with what looks like a packet')
    t.same(seen(framed(1), garbage(3), garbage(60_000), framed(2), framed(3)), [1, 2, 3])
  })
  t.test('messages are read as they come, however short or split', async t => {
    const request = serialize({ method: 'SET_PARAMETER', url: '*', headers: { CSeq: '1' } })
    t.same(seen(framed(1), ...Array.from(Buffer.concat([answer, Buffer.from('\r\n'), request, answer]), byte => Buffer.from([byte]))), [1, 200, NaN, 200])
    t.same(seen(Buffer.concat([framed(1), Buffer.from('RTSP/1.0 200 OK\n\n'), framed(2)])), [1, 200, 2])
  })
  t.test('too much of it is an error', async t => {
    t.throws(() => seen(framed(1), ...Array<Buffer>(300).fill(garbage(1_000))), { code: 'RTSP_FRAMING', message: /^a packet broke off halfway/ })
    t.doesNotThrow(() => seen(framed(1), ...Array<Buffer>(300).fill(Buffer.concat([garbage(1_000), framed(2), framed(3)]))), 'with packets in between it goes on')
  })
  t.test('an invalid message is still an error', async t => {
    t.throws(() => seen(framed(1), Buffer.from('RTSP/1.0 200 OK\r\nContent-Length: x\r\n\r\n')), { code: 'RTSP_SYNTAX' })
    t.throws(() => seen(garbage(17_000)), { code: 'RTSP_LIMIT' }, 'before the first packet')
  })
  t.test('endless bytes that look like packets cost time in proportion to their size', async t => {
    for (const unit of ['$\0\x7f\xff\x80', '$\0\0\x08\x80\n\n\n\n\n\n\n\n', '\n', '$', '$\0', 'A', '$\0\0\x08\x80\0\0\0\0\0\0\0A']) {
      const start = process.cpuUsage()
      try {
        seen(framed(1), ...Array<Buffer>(40).fill(Buffer.from(unit.repeat(65_000 / unit.length), 'latin1')))
      } catch (error) {
        t.match(error, { code: /^RTSP_/ })
      }
      const { user } = process.cpuUsage(start)
      if (user > 1_500_000) t.fail(`${user} µs for ${JSON.stringify(unit)}`)
    }
  })
})
