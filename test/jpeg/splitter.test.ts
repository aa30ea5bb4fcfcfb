import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { CamgateError } from '../../src/errors.js'
import { JpegSplitter } from '../../src/jpeg/splitter.js'
import { makeJpegs, split } from '../jpegs.js'

const [first, second, third] = makeJpegs(3) as [Buffer, Buffer, Buffer]
const restarts = makeJpegs(2, '64x64', ['-threads', '4', '-thread_type', 'slice', '-slices', '4'])
const all = Buffer.concat([first, second, third])

/** The JPEG with a segment inserted after its SOI. */
const withSegment = (jpeg: Buffer, marker: number, content: Buffer) => {
  const head = Buffer.from([0xff, marker, 0, 0])
  head.writeUInt16BE(content.length + 2, 2)
  return Buffer.concat([jpeg.subarray(0, 2), head, content, jpeg.subarray(2)])
}

/** The JPEG with another size in its frame header. */
const sized = (jpeg: Buffer, width: number, height: number) => {
  const copy = Buffer.from(jpeg)
  const at = copy.indexOf(Buffer.from([0xff, 0xc0]))
  copy.writeUInt16BE(height, at + 5)
  copy.writeUInt16BE(width, at + 7)
  return copy
}

/** Undefined if damage makes a picture claim too many pixels: the splitter then ignores the rest of its chunk. */
function splitOrRefuse (chunks: Buffer[]): ReturnType<typeof split> | undefined {
  try {
    return split(chunks)
  } catch (error) {
    if (error instanceof CamgateError && error.code === 'PICTURE_TOO_LARGE') return undefined
    throw error
  }
}

t.test('a JPEG splitter', async t => {
  t.test('finds every picture and its size', async t => {
    const { jpegs } = split([all])
    t.same(jpegs.map(({ bytes }) => bytes), [first, second, third])
    t.match(jpegs, [{ width: 64, height: 48 }, { width: 64, height: 48 }, { width: 64, height: 48 }])
  })

  t.test('finds the same pictures wherever the stream is cut, and byte by byte', async t => {
    for (let cut = 0; cut <= all.length; cut++) {
      const { bytes } = split([all.subarray(0, cut), all.subarray(cut)])
      if (bytes.length !== 3 || !Buffer.concat(bytes).equals(all)) t.fail(`cut at ${cut}`)
    }
    const { bytes } = split([...all].map(byte => Buffer.from([byte])))
    t.same(bytes, [first, second, third])
  })

  t.test('ignores an EOI inside APPn, COM or a thumbnail', async t => {
    for (const marker of [0xe0, 0xe1, 0xef, 0xfe]) {
      const nested = withSegment(first, marker, second)
      t.same(split([nested, third]).bytes, [nested, third])
    }
  })

  t.test('skips restart markers, fill bytes and empty segments', async t => {
    t.ok(restarts[0]!.includes(Buffer.from([0xff, 0xd1])), 'ffmpeg made restart markers')
    t.same(split([Buffer.concat(restarts)]).bytes, restarts)
    const filled = Buffer.concat([first.subarray(0, 2), Buffer.from([0xff, 0xff, 0xff]), first.subarray(2)])
    const empty = withSegment(filled, 0xfe, Buffer.alloc(0))
    t.same(split([empty]).bytes, [empty])
  })

  t.test('accepts several scans with tables between them', async t => {
    const scan = first.subarray(first.indexOf(Buffer.from([0xff, 0xda])), -2)
    const table = Buffer.from([0xff, 0xc4, 0, 6, 0xff, 0xd9, 0xff, 0xd8])
    const progressive = Buffer.concat([first.subarray(0, -2), table, scan, first.subarray(-2)])
    progressive[progressive.indexOf(Buffer.from([0xff, 0xc0])) + 1] = 0xc2
    t.same(split([progressive, second]).bytes, [progressive, second])
  })

  t.test('skips bytes in the head that belong to no segment', async t => {
    const at = 4 + first.readUInt16BE(4)
    for (const stray of [Buffer.alloc(608), Buffer.from('ff00ff00d9', 'hex'), Buffer.from('ffd3', 'hex'), Buffer.from('\xa0text ', 'latin1')]) {
      const odd = Buffer.concat([first.subarray(0, at), stray, Buffer.from([0xff, 0xfe, 0, 4, 97, 98]), first.subarray(at)])
      t.same(split([odd, second]).jpegs, [{ bytes: odd, width: 64, height: 48 }, { bytes: second, width: 64, height: 48 }], stray.toString('hex').slice(0, 10))
    }
    t.same(split([first.subarray(0, at), Buffer.alloc(65_537), first.subarray(at), second]).bytes, [second], 'not that many')
  })

  t.test('treats unstuffed 0xFF as data, if no other scan can follow', async t => {
    const middle = first.indexOf(Buffer.from([0xff, 0xda])) + 14 + 300
    for (let byte = 1; byte < 0xff; byte++) {
      if (byte === 0xd9) continue // looks like the end of the picture
      for (const behind of ['', '00', '0000', '0011', '000c1f', 'ffff']) {
        const odd = Buffer.concat([first.subarray(0, middle), Buffer.from([0xff, byte]), Buffer.from(byte === 0xd8 ? `00${behind}` : behind, 'hex'), first.subarray(middle)])
        const { bytes } = split([odd, second])
        if (bytes.length !== 2 || !bytes[0]!.equals(odd)) t.fail(`ff ${byte.toString(16)} ${behind}`)
      }
    }
  })

  t.test('emits a picture without an end separately, and drops it', async t => {
    const unended: Array<{ bytes: Buffer, scanAt: number, width: number, height: number }> = []
    const scanAt = first.indexOf('ffda', 0, 'hex') + 2 + 12
    const found: Buffer[] = []
    const splitter = new JpegSplitter(({ pieces }) => { found.push(Buffer.concat(pieces as Buffer[])) }, undefined, jpeg => { unended.push(jpeg) })
    const endless = first.subarray(0, -2)
    const headers = Buffer.from('\r\n--b\r\n\r\n')
    for (const byte of Buffer.concat([endless, headers, second, endless])) splitter.push(Buffer.from([byte]))
    t.same(unended, [{ bytes: Buffer.concat([endless, headers]), scanAt, width: 64, height: 48 }])
    t.same(found, [second])
    splitter.end()
    t.same(unended[1], { bytes: endless, scanAt, width: 64, height: 48 })
    splitter.push(first.subarray(0, 20))
    splitter.end()
    t.equal(unended.length, 2, 'but not without a scan')
  })

  t.test('drops everything between pictures', async t => {
    const garbage = Buffer.from('HTTP/1.1 200 OK\r\n\r\n\xff\x00\xff', 'latin1')
    const { bytes } = split([garbage, first, garbage, second])
    t.same(bytes, [first, second])
  })

  t.test('drops a truncated picture, not the one after it', async t => {
    for (const length of [2, 3, 20, first.length - 2, first.length - 1]) {
      const { bytes } = split([first.subarray(0, length), second, third])
      t.same(bytes.at(-1), third, `cut after ${length}`)
    }
    t.same(split([first.subarray(0, first.length - 2), second]).bytes, [second])
  })

  t.test('drops a picture without a scan, or with an impossible length', async t => {
    t.same(split([Buffer.from([0xff, 0xd8, 0xff, 0xd9]), first]).bytes, [first])
    t.same(split([Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 1]), first]).bytes, [first])
  })

  t.test('throws for a picture with too many bytes, and continues', async t => {
    const endless = withSegment(first, 0xe1, Buffer.alloc(5_000))
    const { splitter } = split([], 4_000)
    t.throws(() => splitter.push(endless), { code: 'FRAME_TOO_LARGE' })
    const parts = split([], first.length)
    t.throws(() => parts.splitter.push(endless), { code: 'FRAME_TOO_LARGE' })
    parts.splitter.push(first)
    t.same(parts.jpegs.map(({ bytes }) => bytes), [first])
    t.same(split([first], first.length).bytes, [first], 'exactly the limit is accepted')
  })

  t.test('throws for a small picture that claims more than 33 megapixels, and continues', async t => {
    for (const [width, height] of [[8000, 8000], [65_535, 65_535], [7680, 4370]] as const) {
      const { jpegs, splitter } = split([])
      t.throws(() => splitter.push(sized(first, width, height)), { code: 'PICTURE_TOO_LARGE', message: `The camera's picture of ${width}x${height} is larger than camgate reads (33 megapixels). Set a smaller one in the camera, or take another of its streams.` })
      splitter.push(first)
      t.same(jpegs.map(({ bytes }) => bytes), [first])
    }
    for (const [width, height] of [[7680, 4320], [4320, 7680], [8192, 4096]] as const) t.match(split([sized(first, width, height)]).jpegs, [{ width, height }])
  })

  t.test('drops a picture with two frame headers: decoders disagree about which counts', async t => {
    const at = first.indexOf(Buffer.from([0xff, 0xc0]))
    const header = first.subarray(at, at + 2 + first.readUInt16BE(at + 2))
    const second = (marker: number, other: Buffer) => Buffer.concat([first.subarray(0, at), other.subarray(0, 1), Buffer.from([marker]), other.subarray(2), first.subarray(at)])
    const vast = Buffer.from(header)
    vast.writeUInt32BE(16_000 << 16 | 16_000, 5)
    for (const marker of [0xc0, 0xc2, 0xcf, 0xf7]) {
      for (const other of [header, vast]) t.same(split([second(marker, other), third]).bytes, [third], `a marker of ${marker.toString(16)}`)
    }
    const late = Buffer.concat([first.subarray(0, -2), vast, first.subarray(-2)])
    t.same(split([late, third]).bytes, [third], 'also after the scan')
    const thumbnail = withSegment(first, 0xe1, sized(first, 16_000, 16_000))
    t.match(split([thumbnail]).jpegs, [{ bytes: thumbnail, width: 64, height: 48 }], 'a thumbnail has its own')
  })

  t.test('drops a picture without a size', async t => {
    const at = first.indexOf(Buffer.from([0xff, 0xc0]))
    const headless = Buffer.concat([first.subarray(0, at), first.subarray(at + 2 + first.readUInt16BE(at + 2))])
    t.same(split([headless, sized(first, 0, 48), sized(first, 64, 0), third]).bytes, [third])
  })

  t.test('drops a picture with so many scans that they would keep a decoder busy', async t => {
    const scan = Buffer.from([0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 0])
    const withScans = (count: number) => Buffer.concat([first.subarray(0, -2), ...Array<Buffer>(count - 1).fill(scan), first.subarray(-2)])
    t.same(split([withScans(64), withScans(65), third]).bytes, [withScans(64), third])
  })

  t.test('emits parts of the stream in their order, and recovers from garbage, however the stream is cut', async () => {
    const piece = fc.oneof(
      fc.constantFrom(first, second, third, ...restarts),
      fc.uint8Array({ maxLength: 300 }).map(bytes => Buffer.from(bytes)),
      fc.tuple(fc.constantFrom(first, second), fc.nat(3_000)).map(([jpeg, at]) => jpeg.subarray(0, at))
    )
    fc.assert(fc.property(fc.array(piece, { maxLength: 12 }), fc.array(fc.integer({ min: 1, max: 4_000 }), { minLength: 1, maxLength: 30 }), (pieces, cuts) => {
      // Garbage claims a length of 64 KiB at most: after twice as much the splitter is back in step.
      const stream = Buffer.concat([...pieces, ...Array<Buffer>(Math.ceil(2 * 65_536 / third.length)).fill(third)])
      const chunks: Buffer[] = []
      for (let at = 0, i = 0; at < stream.length; i++) chunks.push(stream.subarray(at, at += cuts[i % cuts.length]!))
      const whole = splitOrRefuse(chunks)
      if (!whole) return true
      let end = 0
      for (const jpeg of whole.bytes) {
        const at = stream.indexOf(jpeg, end)
        if (at < 0) return false
        end = at + jpeg.length
      }
      return whole.bytes.at(-1)?.equals(third) === true
    }), { numRuns: 200 })
  })

  t.test('finds the same pictures in a damaged stream, wherever it is cut', async () => {
    // Bytes that mean something to a splitter, written over pictures and between them.
    const marker = fc.constantFrom('ff', 'ffd8', 'ffd9', 'ffda', 'ffda0002', 'ffc0', 'ffe00000', 'ffe0ffff', 'ffd0', 'ff00', 'ffff', '00').map(hex => Buffer.from(hex, 'hex'))
    const damage = fc.record({ at: fc.nat(first.length + second.length), cut: fc.nat(40), put: fc.oneof(marker, fc.uint8Array({ maxLength: 20 }).map(bytes => Buffer.from(bytes))) })
    const cuts = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 20 })
    fc.assert(fc.property(fc.array(damage, { maxLength: 6 }), cuts, (damages, cuts) => {
      const stream = damages.reduce((bytes, { at, cut, put }) => Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + cut)]), all)
      const chunks: Buffer[] = []
      for (let at = 0, i = 0; at < stream.length; i++) chunks.push(stream.subarray(at, at += cuts[i % cuts.length]!))
      const [whole, cut] = [splitOrRefuse([stream]), splitOrRefuse(chunks)]
      if (whole === undefined || cut === undefined) return assert.equal(cut, whole, 'both throw, or neither')
      assert.deepEqual(cut.jpegs, whole.jpegs)
      for (const { bytes } of whole.jpegs) {
        assert.equal(bytes.subarray(0, 2).toString('hex') + bytes.subarray(-2).toString('hex'), 'ffd8ffd9')
      }
    }), { numRuns: 300 })
  })
})
