import { spawnSync } from 'node:child_process'
import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { CamgateError } from '../../src/errors.js'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { depacketizerOf } from '../../src/depacketizer/depacketizer-of.js'
import { packetizeJpeg } from '../../src/clips/packetize-jpeg.js'
import { quantizationOf } from '../../src/jpeg/tables.js'
import { readJpeg, type BaselineJpeg } from '../../src/jpeg/baseline.js'
import { MAX_PICTURE_BYTES } from '../../src/picture-size.js'
import { makeJpegs, split, whole } from '../jpegs.js'
import { packet, receive, trackOf, type Sent } from './received.js'

const [jpeg] = makeJpegs(1, '64x48', ['-huffman', 'default', '-pix_fmt', 'yuvj420p']) as [Buffer]
const sample = readJpeg(jpeg)
const [luma, chroma] = [Buffer.alloc(64, 7), Buffer.alloc(64, 9)]

const camera = (size?: { width: number, height: number }) => depacketizerOf(trackOf('mjpeg', { size }))
const packetsOf = (picture: BaselineJpeg, timestamp: number, maxBytes = 300): Sent[] => {
  const payloads = packetizeJpeg(picture, maxBytes)
  return payloads.map((payload, index) => packet(payload, timestamp, index === payloads.length - 1))
}
/** The output, parsed as the sending side parses it. */
const received = (...args: Parameters<typeof receive>) => receive(...args).map(({ bytes }) => readJpeg(bytes))
/** A picture in one packet: a main header, and `rest`. */
const single = (timestamp: number, { type = 1, q = 50, width = 8, height = 6, rest = sample.scan }) =>
  packet(Buffer.concat([Buffer.from([0, 0, 0, 0, type, q, width, height]), rest]), timestamp, true)
const tables = (precision: number, ...content: Buffer[]) => {
  const bytes = Buffer.concat(content)
  return Buffer.concat([Buffer.from([0, precision, bytes.length >> 8, bytes.length & 0xff]), bytes])
}

t.test('a JPEG comes out of its packets', async t => {
  t.test('unchanged, at the marker, with any size and type', async t => {
    const pictures = fc.record({
      width: fc.integer({ min: 1, max: 255 }).map(blocks => blocks * 8),
      height: fc.integer({ min: 1, max: 255 }).map(blocks => blocks * 8),
      type: fc.constantFrom(0 as const, 1 as const),
      restartInterval: fc.constantFrom(0, 1, 300, 65_535),
      quantization: fc.constantFrom([luma, chroma] as const, [chroma, luma] as const),
      scan: fc.uint8Array({ minLength: 1, maxLength: 2_000, max: 254 }).map(bytes => Buffer.from(bytes))
    })
    const depacketizer = camera()
    let timestamp = 0
    fc.assert(fc.property(pictures, fc.integer({ min: 160, max: 1_500 }), (picture, maxBytes) => {
      const [out] = receive(depacketizer, packetsOf({ ...picture, size: 0 }, ++timestamp, maxBytes))
      assert.equal(out?.rtpTime, timestamp)
      assert.deepEqual({ ...readJpeg(out.bytes), size: 0 }, { ...picture, size: 0 })
      const { width, height, type } = picture
      assert.deepEqual(depacketizer.format, { profile: type === 0 ? '4:2:2' : '4:2:0', width, height, depth: 8 })
    }))
    t.equal(depacketizer.damaged, 0)
  })
  t.test('at the next one, if the marker never arrives', async t => {
    const depacketizer = camera()
    const unmarked = (timestamp: number) => packetsOf(sample, timestamp).map(sent => sent === 'lost' ? sent : { ...sent, marker: false })
    t.equal(received(depacketizer, [...unmarked(1), ...unmarked(2), ...unmarked(2)]).length, 2)
    t.equal(depacketizer.damaged, 0)
  })
  t.test('with one EOI, whether the camera sent it or not', async t => {
    const depacketizer = camera()
    const withEnd = { ...sample, scan: Buffer.concat([sample.scan, Buffer.from([0xff, 0xd9])]) }
    const [without, with_] = receive(depacketizer, [...packetsOf(sample, 1), ...packetsOf(withEnd, 2)])
    t.same(with_?.bytes, without?.bytes)
    t.equal(without?.bytes.subarray(-2).toString('hex'), 'ffd9')
  })
})

t.test('the quantization tables of a JPEG', async t => {
  t.test('are computed from Q, as by RFC 2435 appendix A and libjpeg', async t => {
    t.same(quantizationOf(50)[0].subarray(0, 8), Buffer.from([16, 11, 12, 14, 12, 10, 16, 14]))
    t.same(quantizationOf(50)[1].subarray(0, 8), Buffer.from([17, 18, 18, 24, 21, 24, 47, 26]))
    t.same(quantizationOf(75)[0].subarray(0, 8), Buffer.from([8, 6, 6, 7, 6, 5, 8, 7]), 'half as much, rounded')
    t.same(quantizationOf(25)[1].subarray(0, 8), Buffer.from([34, 36, 36, 48, 42, 48, 94, 52]))
    t.same(quantizationOf(99)[0].subarray(0, 3), Buffer.from([1, 1, 1]))
    t.same(quantizationOf(1)[0], Buffer.alloc(64, 255), '10 times 50 is more than a byte holds')
    t.same(received(camera(), [single(1, { q: 30 })])[0]?.quantization, quantizationOf(30))
  })
  t.test('may be sent once, for each Q from 128 to 254', async t => {
    const depacketizer = camera()
    const withTables = (q: number, ...content: Buffer[]) => ({ q, rest: Buffer.concat([tables(0, ...content), sample.scan]) })
    const quantization = (...sent: Sent[]) => received(depacketizer, sent).map(({ quantization }) => quantization)
    t.same(quantization(single(1, withTables(200, luma, chroma)), single(2, withTables(201, chroma, luma)), single(3, withTables(200)), single(4, withTables(201))),
      [[luma, chroma], [chroma, luma], [luma, chroma], [chroma, luma]])
    t.same(quantization(single(5, withTables(200, chroma))), [[chroma, chroma]], 'one for both')
    t.same(quantization(single(6, withTables(200))), [[chroma, chroma]], 'the newest')
    t.equal(depacketizer.damaged, 0)
    t.same(quantization(single(7, withTables(202))), [], 'this Q\'s tables never arrived')
    t.same(quantization(single(8, withTables(255, luma, chroma)), single(9, withTables(255))), [[luma, chroma]], '255 always has them')
    t.equal(depacketizer.damaged, 2)
  })
  t.test('outlive their packet', async t => {
    const depacketizer = camera()
    const sent = single(1, { q: 128, rest: Buffer.concat([tables(0, luma, chroma), sample.scan]) })
    received(depacketizer, [sent])
    sent.payload.fill(0)
    t.same(received(depacketizer, [single(2, { q: 128, rest: Buffer.concat([tables(0), sample.scan]) })])[0]?.quantization, [luma, chroma])
  })
})

t.test('a JPEG larger than 2040 gets its size from the session description', async t => {
  const decoded = (bytes: Buffer) => bytes.subarray(bytes.indexOf('ffc0', 0, 'hex') + 5).subarray(0, 4)
  const [picture] = receive(camera({ width: 2592, height: 1944 }), [single(1, { width: 0, height: 0 })])
  t.same(decoded(picture!.bytes), Buffer.from([1944 >> 8, 1944 & 0xff, 2592 >> 8, 2592 & 0xff]))
  const depacketizer = camera({ width: 2560, height: 2000 })
  receive(depacketizer, [single(1, { width: 0, height: 135 })])
  t.match(depacketizer.format, { width: 2560, height: 1080 })
  for (const size of [undefined, { width: 70_000, height: 8 }, { width: 0, height: 8 }, { width: 8.5, height: 8 }]) {
    t.throws(() => receive(camera(size), [single(1, { width: 0 })]), { code: 'NO_SIZE', message: /more than 2040 pixels wide or high/ })
  }
  t.throws(() => receive(camera({ width: 8192, height: 8192 }), [single(1, { width: 0, height: 0 })]), { code: 'PICTURE_TOO_LARGE' })
})

/** An RTP header extension that ends at a whole word. */
const extensionOf = (profile: number, content: Buffer, fill = 0xff) => {
  const words = Math.ceil(content.length / 4)
  const bytes = Buffer.alloc(4 + 4 * words, fill)
  bytes.writeUInt16BE(profile, 0)
  bytes.writeUInt16BE(words, 2)
  content.copy(bytes, 4)
  return bytes
}
const segment = (marker: number, ...body: number[]) => Buffer.from([0xff, marker, 0, body.length + 2, ...body])
const sof = (width: number, height: number) => segment(0xc0, 8, height >> 8, height & 0xff, width >> 8, width & 0xff, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1)
const replayWords = Buffer.alloc(12, 7)

t.test('a JPEG with its header in an RTP header extension, as in ONVIF,', async t => {
  const large = (extension: Buffer | undefined, timestamp = 1): Sent => ({ ...single(timestamp, { width: 0, height: 0 }) as Exclude<Sent, 'lost'>, ...extension && { extension } })
  const seen = (...sent: Sent[]) => {
    const depacketizer = camera()
    const count = receive(depacketizer, sent).length
    return [count, depacketizer.format?.width, depacketizer.format?.height]
  }
  t.test('has the size given there', async t => {
    for (const [name, extension] of [
      ['alone', extensionOf(0xffd8, sof(2560, 1440))],
      ['after other segments', extensionOf(0xffd8, Buffer.concat([segment(0xe0, 1, 2, 3), segment(0xdb, ...Array<number>(65).fill(9)), sof(2560, 1440), segment(0xfe)]))],
      ['after the extension of a replay', extensionOf(0xabac, Buffer.concat([replayWords, extensionOf(0xffd8, sof(2560, 1440))]))]
    ] as const) t.same(seen(large(extension)), [1, 2560, 1440], name)
  })
  t.test('has it even if the payload header gives a size in whole blocks', async t => {
    t.same(seen({ ...single(1, { width: 171, height: 96 }), extension: extensionOf(0xffd8, sof(1366, 768)) } as Sent), [1, 1366, 768])
  })
  t.test('keeps the size for pictures without one', async t => {
    t.same(seen(large(extensionOf(0xffd8, sof(2560, 1440))), large(undefined, 2)), [2, 2560, 1440])
  })
  t.test('has the Huffman tables given there', async t => {
    const tables = segment(0xc4, ...Array<number>(30).fill(3))
    const [picture] = receive(camera(), [large(extensionOf(0xffd8, Buffer.concat([sof(2560, 1440), tables, tables])))])
    const header = picture!.bytes.toString('hex')
    t.match(header, (tables.toString('hex') + tables.toString('hex')))
    t.equal(header.split('ffc4').length, 3, 'and no others')
  })
  t.test('is rejected without a size there either, and the error gives the reason', async t => {
    for (const extension of [extensionOf(0xffd8, segment(0xfe, 1)), extensionOf(0xffd8, sof(0, 1440)), extensionOf(0xffd8, sof(2560, 1440).subarray(0, 8)), extensionOf(0xbede, sof(2560, 1440)), extensionOf(0xabac, replayWords)]) {
      t.throws(() => seen(large(extension)), { code: 'NO_SIZE', message: /does not say how large they are\. Set a smaller picture in the camera, or H\.264$/ }, extension.toString('hex'))
    }
    t.throws(() => seen(large(extensionOf(0xffd8, sof(10_000, 10_000)))), { code: 'PICTURE_TOO_LARGE' })
  })
})

t.test('a JPEG whose packets have different timestamps is one', async t => {
  const depacketizer = camera()
  const stamped = (from: number) => packetsOf(sample, 0).map((sent, index): Sent => sent === 'lost' ? sent : { ...sent, timestamp: from + index })
  t.equal(stamped(0).length > 2, true)
  t.same(receive(depacketizer, [...stamped(100), ...stamped(200)]).map(({ rtpTime }) => rtpTime), [100, 200])
  t.equal(depacketizer.damaged, 0)
})

t.test('a JPEG of type 0 is 4:2:2 to a decoder', async t => {
  // 16x16: two MCUs of grey, each two blocks of luma (DC 00, end of block 1010) and one of either chroma (00, 00).
  const scan = Buffer.from([0x28, 0xa0, 0x02, 0x8a, 0x00])
  const [picture] = receive(camera(), [single(1, { type: 0, width: 2, height: 2, rest: scan })])
  const { stdout, stderr } = spawnSync(findFfmpeg()!, ['-loglevel', 'info', '-f', 'mjpeg', '-i', 'pipe:0', '-f', 'rawvideo', 'pipe:1'], { input: picture!.bytes })
  t.match(stderr.toString(), /yuvj422p.*16x16/)
  t.same(stdout, Buffer.alloc(2 * 16 * 16, 128))
})

t.test('a lost or malformed packet costs one JPEG', async t => {
  const depacketizer = camera()
  t.same(receive(depacketizer, packetsOf(sample, 0).slice(1)), [], 'we joined in the middle')
  t.equal(depacketizer.damaged, 0)
  const lone = () => packetsOf(sample, 5)
  receive(depacketizer, lone())
  for (let at = 0; at < lone().length; at++) {
    const { damaged } = depacketizer
    const pictures = receive(depacketizer, [...packetsOf(sample, 10).map((sent, index) => index === at ? 'lost' as const : sent), ...packetsOf(sample, 20 + at)])
    t.same(pictures.map(({ rtpTime }) => rtpTime), [20 + at])
    t.equal(depacketizer.damaged, damaged + 1)
  }
  for (const payload of [Buffer.alloc(3), Buffer.from([0, 0, 1, 0, 1, 255, 8, 6, 1])]) {
    const { damaged } = depacketizer
    t.same(receive(depacketizer, [...packetsOf(sample, 90).slice(0, 1), packet(payload, 90, true)]), [], 'in the middle')
    t.equal(depacketizer.damaged, damaged + 1)
  }
  const malformed = [
    Buffer.from([0, 0, 0, 0, 1, 50, 8]), Buffer.from([0, 0, 0, 0, 65, 50, 8, 6, 0, 1]), // headers cut
    Buffer.from([0, 0, 0, 0, 1, 255, 8, 6, 0, 0, 0]), Buffer.from([0, 0, 0, 0, 1, 255, 8, 6, 0, 0, 0, 128, 1]), // tables cut
    Buffer.from([0, 0, 0, 0, 1, 255, 8, 6, 0, 0, 0, 1, 1]), // no table has one byte
    Buffer.from([0, 0, 1, 0, 1, 255, 8, 6, 1]) // not the next offset
  ]
  for (const payload of malformed) {
    const { damaged } = depacketizer
    t.same(receive(depacketizer, [packet(payload, 100, true)]), [], payload.toString('hex'))
    t.equal(depacketizer.damaged, damaged + 1)
    t.equal(receive(depacketizer, packetsOf(sample, 101)).length, 1)
  }
})

t.test('a JPEG is rejected, and the error gives the reason,', async t => {
  const refused = (sent: Sent, message: RegExp) => t.throws(() => receive(camera(), [sent]), { code: 'BAD_RTP', message })
  t.test('when RFC 2435 does not define its type', async () => {
    for (const type of [2, 63, 66, 128, 255]) refused(single(1, { type }), new RegExp(`type ${type},`))
    for (const q of [0, 100, 127]) refused(single(1, { q }), new RegExp(`Q of ${q}`))
  })
  t.test('when its tables have 16 bits', async () => {
    for (const precision of [1, 2, 3]) refused(single(1, { q: 255, rest: tables(precision, luma, chroma) }), /16 bits/)
  })
  t.test('when it is endless', async t => {
    const depacketizer = camera()
    const part = Buffer.alloc(60_000)
    let sent = 0
    t.throws(() => {
      for (; sent < 2 * MAX_PICTURE_BYTES; sent += part.length) {
        const header = Buffer.from([0, 0, 0, 0, 1, 50, 8, 6])
        header.writeUIntBE(sent, 1, 3)
        receive(depacketizer, [packet(Buffer.concat([header, part]), 1)])
      }
    }, { code: 'BAD_RTP', message: 'a picture of more than 8388608 bytes' })
    t.ok(sent > MAX_PICTURE_BYTES - 2 * part.length && sent < MAX_PICTURE_BYTES)
  })
})

t.test('a JPEG need not be parsed again', async t => {
  const scanOf = (...hex: string[]) => single(1, { rest: Buffer.concat([sample.scan.subarray(0, 100), Buffer.from(hex.join(''), 'hex'), sample.scan.subarray(100)]) })
  t.test('for bytes after its EOI: they are cut off', async t => {
    const [exact] = receive(camera(), [single(1, {})])
    for (const padding of ['ffd9', 'ffd90000', 'ffd9ffd9', 'ffd9ffd8ffdb0043']) {
      const [padded] = receive(camera(), [single(1, { rest: Buffer.concat([sample.scan, Buffer.from(padding, 'hex')]) })])
      t.same(padded?.bytes, exact!.bytes, padding)
    }
  })
  t.test('for its size, nor for its Huffman tables, which it always has', async t => {
    const [picture] = receive(camera(), [single(1, {})])
    t.match(picture, { codec: 'mjpeg', width: 64, height: 48, key: true, damaged: false })
    t.match(whole(picture!.bytes), { width: 64, height: 48, bare: undefined })
  })
  t.test('to find that another picture, frame or scan begins in it: it counts as damaged', async t => {
    for (const hostile of ['ffd8ffdb', 'ffc000110820002000', 'ffc20011082000', 'ffda000c03']) {
      const depacketizer = camera()
      t.same(receive(depacketizer, [scanOf(hostile)]), [], hostile)
      t.equal(depacketizer.damaged, 1)
      t.equal(receive(depacketizer, packetsOf(sample, 2)).length, 1, 'the next one arrives')
    }
  })
  t.test('for an unstuffed 0xFF, which decoders forgive', async t => {
    const [picture] = receive(camera(), [scanOf('ff13', 'ffc40000')])
    t.same(split([picture!.bytes]).bytes, [picture!.bytes])
  })
  t.test('with any content: a splitter finds the same picture', async t => {
    const piece = fc.oneof(fc.uint8Array({ maxLength: 8 }), fc.constantFrom('ff', 'ff00', 'ffd0', 'ffd8', 'ffd8ff', 'ffd9', 'ffda', 'ffda000c03', 'ffc0', 'ffc0001108', 'ffc4', 'ffffff').map(hex => Buffer.from(hex, 'hex')))
    let pictures = 0
    fc.assert(fc.property(fc.array(piece, { maxLength: 12 }), pieces => {
      for (const { bytes } of receive(camera(), [single(1, { rest: Buffer.concat(pieces) })])) {
        pictures++
        const found = split([bytes]).jpegs
        assert.deepEqual(found, [{ bytes, width: 64, height: 48 }])
      }
    }), { numRuns: 2_000 })
    t.ok(pictures > 500, `${pictures} pictures`)
  })
})

t.test('a JPEG depacketizer accepts anything', async t => {
  const header = fc.tuple(fc.constantFrom(0, 0, 1, 8), fc.constantFrom(0, 1, 64, 65, 0, 1, 2), fc.constantFrom(1, 50, 99, 50, 99, 100, 128, 255), fc.constantFrom(0, 8, 8, 8))
    .map(([offset, type, q, side]) => Buffer.from([0, 0, 0, offset, type, q, side, side]))
  const odd = fc.tuple(fc.oneof(header, fc.constant(Buffer.alloc(0))), fc.uint8Array({ maxLength: 150 }), fc.nat(2), fc.boolean())
    .map(([head, values, timestamp, marker]): Sent => packet(Buffer.concat([head, values]), timestamp, marker))
  const extension = fc.tuple(fc.constantFrom('ffd80002', 'abac0005', 'bede0001', ''), fc.uint8Array({ maxLength: 30 })).map(([head, values]) => Buffer.concat([Buffer.from(head, 'hex'), values]))
  const valid = fc.tuple(fc.constantFrom(...packetsOf(sample, 1)), fc.nat(400), fc.nat(2)).map(([sent, length, timestamp]): Sent =>
    sent === 'lost' ? sent : { ...sent, timestamp, payload: sent.payload.subarray(0, length) })
  let pictures = 0
  fc.assert(fc.property(fc.array(fc.oneof(odd, valid, fc.constant<Sent>('lost')), { maxLength: 20 }), extension, (sent, extension) => {
    const depacketizer = camera()
    sent.forEach((one, index) => {
      try {
        if (one === 'lost') return
        for (const { bytes } of depacketizer.push({ ...one, extension }, sent[index - 1] === 'lost' ? 1 : 0)) {
          pictures++
          assert.equal(bytes.toString('hex', 0, 2) + bytes.subarray(-2).toString('hex'), 'ffd8ffd9')
        }
      } catch (error) {
        if (!(error instanceof CamgateError) || !['BAD_RTP', 'NO_SIZE', 'PICTURE_TOO_LARGE'].includes(error.code)) throw error
      }
    })
  }), { numRuns: 500 })
  t.ok(pictures > 0, 'and makes pictures from some of it')
})
