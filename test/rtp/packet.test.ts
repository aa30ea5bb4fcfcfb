import fc from 'fast-check'
import t from 'tap'
import { parseRtp, rtpPacket, stampRtp } from '../../src/rtp/packet.js'

t.test('an RTP packet', async t => {
  const stamp = { sequence: 0x0102, timestamp: 0x03040506, ssrc: 0xfefdfcfb }
  t.test('has the header of RFC 3550 section 5.1', async t => {
    const packet = rtpPacket({ payloadType: 96, marker: true }, stamp, Buffer.from('pay'))
    t.equal(packet.toString('hex'), '80e0' + '0102' + '03040506' + 'fefdfcfb' + Buffer.from('pay').toString('hex'))
    t.equal(rtpPacket({ payloadType: 26, marker: false }, stamp, Buffer.alloc(0))[1], 26)
  })
  t.test('is stamped in place, with numbers that wrap', async t => {
    const bytes = Buffer.alloc(16, 0xaa)
    stampRtp(bytes, 4, { sequence: 0x1_0001, timestamp: 0x1_0000_0002, ssrc: 3 })
    t.equal(bytes.toString('hex'), 'aaaaaaaaaaaa' + '0001' + '00000002' + '00000003')
  })
})

t.test('a received RTP packet', async t => {
  const stamp = { sequence: 0xfffe, timestamp: 0xfedcba98, ssrc: 0xfefdfcfb }
  const payload = Buffer.from('payload')
  const packet = rtpPacket({ payloadType: 96, marker: true }, stamp, payload)
  /** The packet with bytes between header and payload, bytes after the payload, and flags. */
  const dressed = (flags: number, between: string, after = '') => Buffer.concat([
    Buffer.from([0x80 | flags]), packet.subarray(1, 12), Buffer.from(between, 'hex'), payload, Buffer.from(after, 'hex')
  ])
  t.test('is read as it was written', async t => {
    t.same(parseRtp(packet), { payloadType: 96, marker: true, ...stamp, payload })
    t.equal(parseRtp(packet)?.payload.buffer, packet.buffer, 'without copying')
    t.match(parseRtp(rtpPacket({ payloadType: 26, marker: false }, stamp, Buffer.alloc(0))), { payloadType: 26, marker: false, payload: { length: 0 } })
  })
  t.test('may have contributing sources, an extension and padding', async t => {
    const sources = '0000000100000002'
    const extension = 'bede0001' + '10aa0000'
    t.same(parseRtp(dressed(0x02, sources))?.payload, payload)
    t.same(parseRtp(dressed(0x10, extension))?.payload, payload)
    t.same(parseRtp(dressed(0x10, extension))?.extension, Buffer.from(extension, 'hex'))
    t.same(parseRtp(dressed(0x32, '00000001'.repeat(2) + extension, '01'))?.extension, Buffer.from(extension, 'hex'))
    t.same(parseRtp(dressed(0x10, 'abac0000'))?.payload, payload)
    t.same(parseRtp(dressed(0x20, '', '000003'))?.payload, payload)
    t.same(parseRtp(dressed(0x32, sources + extension, '01'))?.payload, payload)
    t.equal(parseRtp(dressed(0x20, '', '08'))?.payload.length, 0)
  })
  t.test('is rejected if it has another version, or is truncated', async t => {
    for (const first of [0x00, 0x40, 0xc0]) t.equal(parseRtp(Buffer.concat([Buffer.from([first]), packet.subarray(1)])), null)
    for (let end = 0; end < 12; end++) t.equal(parseRtp(packet.subarray(0, end)), null)
    t.equal(parseRtp(dressed(0x0f, '')), null, 'more sources than bytes')
    t.equal(parseRtp(dressed(0x10, 'bede0003')), null, 'an extension longer than the packet')
    t.equal(parseRtp(Buffer.concat([Buffer.from([0x90]), packet.subarray(1, 12), Buffer.from('bede', 'hex')])), null)
    t.equal(parseRtp(dressed(0x20, '', '09')), null, 'more padding than payload')
  })
  t.test('may contain anything', async () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), bytes => {
      if (bytes.length > 0) bytes[0] = 0x80 | bytes[0]! & 0x3f
      const read = parseRtp(Buffer.from(bytes))
      if (read !== null && read.payload.length > bytes.length - 12) throw new Error('more payload than there was')
    }))
  })
})
