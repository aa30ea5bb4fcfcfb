import fc from 'fast-check'
import t from 'tap'
import { packetizeJpeg } from '../../src/clips/packetize-jpeg.js'
import type { BaselineJpeg } from '../../src/jpeg/baseline.js'

/** Reads the payloads back, RFC 2435 section 3.1. */
function reassemble (payloads: Buffer[]) {
  let scan = Buffer.alloc(0)
  let tables: Buffer | undefined
  for (const payload of payloads) {
    if (payload.readUIntBE(1, 3) !== scan.length) throw new Error('a fragment is not where it should be')
    let at = payload.readUInt8(4) >= 64 ? 12 : 8
    if (scan.length === 0) {
      tables = payload.subarray(at + 4, at + 4 + payload.readUInt16BE(at + 2))
      at += 4 + tables.length
    }
    scan = Buffer.concat([scan, payload.subarray(at)])
  }
  return { scan, tables }
}

const pictures = fc.record({
  width: fc.integer({ min: 1, max: 255 }).map(blocks => blocks * 8),
  height: fc.integer({ min: 1, max: 255 }).map(blocks => blocks * 8),
  type: fc.constantFrom(0 as const, 1 as const),
  restartInterval: fc.constantFrom(0, 1, 300, 65_535),
  scan: fc.uint8Array({ minLength: 1, maxLength: 2_000 }).map(bytes => Buffer.from(bytes))
}).map((picture): BaselineJpeg => ({ ...picture, quantization: [Buffer.alloc(64, 1), Buffer.alloc(64, 2)], size: 0 }))

t.test('a JPEG in RTP', async t => {
  t.test('is restored from payloads that fit a packet', async t => {
    fc.assert(fc.property(pictures, fc.integer({ min: 160, max: 1_500 }), (picture, maxBytes) => {
      const payloads = packetizeJpeg(picture, maxBytes)
      t.ok(payloads.every(payload => payload.length <= maxBytes))
      t.same(reassemble(payloads), { scan: picture.scan, tables: Buffer.concat([...picture.quantization]) })
    }))
  })
  t.test('has its type and size in each packet', async t => {
    const picture: BaselineJpeg = {
      width: 960, height: 544, type: 1, restartInterval: 60, quantization: [Buffer.alloc(64), Buffer.alloc(64)], scan: Buffer.alloc(500), size: 0
    }
    const [first, second] = packetizeJpeg(picture, 300) as [Buffer, Buffer]
    t.equal(first.toString('hex', 0, 16), '00' + '000000' + '41' + 'ff' + '78' + '44' + '003cffff' + '00000080')
    t.equal(second.toString('hex', 0, 12), '00' + '00009c' + '41' + 'ff' + '78' + '44' + '003cffff')
    t.equal(packetizeJpeg({ ...picture, type: 0, restartInterval: 0 }, 900)[0]?.[4], 0)
  })
})
