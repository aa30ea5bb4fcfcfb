import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { CamgateError } from '../../src/errors.js'
import { PartReader, type Part } from '../../src/http-client/part-reader.js'
import { decodeJpeg } from '../e2e/picture.js'
import { makeJpegs, split, withoutTables } from '../jpegs.js'

const jpegs = makeJpegs(3)
const part = (jpeg: Buffer, headers: string) => Buffer.concat([Buffer.from(headers), jpeg])

function read (chunks: readonly Buffer[]) {
  const parts: Part[] = []
  const reader = new PartReader(part => { parts.push(part) })
  for (const chunk of chunks) reader.push(chunk)
  return { parts, reader }
}

/** Cuts the bytes at these positions. */
const cut = (bytes: Buffer, places: readonly number[]): Buffer[] => {
  const ends = [...places.map(place => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end))
}

const cuts = fc.array(fc.nat(100_000), { maxLength: 12 })

t.test('the pictures of an HTTP body', async t => {
  t.test('are found in parts of any form, each with its last byte', async t => {
    for (const [headers, what] of [
      ['--b\r\nContent-Type: image/jpeg\r\nContent-Length: 100\r\n\r\n', 'with a wrong length'],
      ['----b\r\nContent-Type: image/jpeg\r\n\r\n', 'without a length, and another boundary than announced'],
      ['--b\nContent-type: image/jpeg\n\n', 'with only LF'],
      ['', 'without anything between them'],
      [`preamble\r\n--b\r\nX-Filler: ${'x'.repeat(5_000)}\r\n\r\n`, 'with more headers than are searched'],
      ['--b\r\nContent-Type: text/plain\r\n\r\nno picture \xff\xff\xd9\r\n--b\r\nContent-Type: image/jpeg\r\n\r\n', 'with other parts']
    ] as const) {
      const seen: number[] = []
      const reader = new PartReader(({ bytes }) => { seen.push(bytes.length) })
      for (const [index, jpeg] of jpegs.entries()) {
        reader.push(part(jpeg, headers))
        t.equal(seen.length, index + 1, `${what}: at once, not with the next one`)
      }
      t.same(seen, jpegs.map(({ length }) => length), what)
    }
  })

  t.test('are the same, with their state and mark, wherever the bytes are cut', async () => {
    const state = fc.option(fc.constantFrom('waiting', 'starting', 'stopped'), { nil: undefined })
    fc.assert(fc.property(fc.array(fc.record({ jpeg: fc.constantFrom(...jpegs), state, damaged: fc.boolean(), pad: fc.nat(700) }), { maxLength: 5 }), cuts, (wanted, places) => {
      const bytes = Buffer.concat(wanted.map(({ jpeg, state, damaged, pad }) =>
        part(jpeg, `\r\n--b\r\nX-Pad: ${'p'.repeat(pad)}\r\nContent-Type: image/jpeg\r\n${state ? `X-Camera-State: ${state}\r\n` : ''}${damaged ? 'X-Damaged: 1\r\n' : ''}\r\n`)))
      const { parts, reader } = read(cut(bytes, places))
      assert.deepEqual(parts.map(({ bytes, state, damaged }) => ({ bytes, state, damaged })), wanted.map(({ jpeg, state, damaged }) => ({ bytes: jpeg, state, damaged })))
      assert.equal(reader.bytes, bytes.length)
      assert.equal(reader.pictures, wanted.length)
    }), { numRuns: 300 })
  })

  t.test('need no EOI if their part has a length, or if none has one', async () => {
    const pad = fc.nat(700)
    const announced = fc.constantFrom('right', 'none', 'wrong' as const)
    fc.assert(fc.property(fc.array(fc.record({ jpeg: fc.constantFrom(...jpegs), pad }), { minLength: 1, maxLength: 5 }), announced, cuts, (wanted, announced, places) => {
      const head = (length: number, pad: number) => `\r\n--b\r\nX-Pad: ${'p'.repeat(pad)}\r\n${announced === 'none' ? '' : `Content-Length: ${announced === 'right' ? length : length + 1}\r\n`}\r\n`
      const bytes = Buffer.concat([...wanted.map(({ jpeg, pad }) => part(jpeg.subarray(0, -2), head(jpeg.length - 2, pad))), Buffer.from('\r\n--b--\r\n')])
      const { parts, reader } = read(cut(bytes, places))
      reader.end()
      assert.deepEqual(parts.map(({ bytes }) => bytes), announced === 'wrong' ? [] : wanted.map(({ jpeg }) => jpeg))
    }), { numRuns: 300 })
    const short = [part(jpegs[0]!, '--b\r\n\r\n'), part(jpegs[1]!.subarray(0, -40), '\r\n--b\r\n\r\n'), part(jpegs[2]!, '\r\n--b\r\n\r\n')]
    assert.deepEqual(read(short).parts.map(({ bytes }) => bytes), [jpegs[0], jpegs[2]], 'the others have an EOI, so this one is truncated')
  })

  t.test('need no EOI if they are the whole body, of the announced length', async t => {
    const endless = jpegs[0]!.subarray(0, -2)
    for (const [length, shown] of [[endless.length, 1], [endless.length + 10, 0], [undefined, 0]] as const) {
      const parts: Part[] = []
      const reader = new PartReader(part => { parts.push(part) }, length)
      reader.push(endless)
      reader.end()
      t.same(parts.map(({ bytes }) => bytes), shown ? [jpegs[0]] : [], `${length}`)
    }
  })

  t.test('are dropped if they break off in a header, or are larger than camgate reads', async t => {
    const scanAt = jpegs[0]!.indexOf(Buffer.from([0xff, 0xda])) + 2 + jpegs[0]!.readUInt16BE(jpegs[0]!.indexOf(Buffer.from([0xff, 0xda])) + 2)
    const tables = Buffer.from([0xff, 0xc4, 1, 0, 1, 2, 3])
    const progressive = Buffer.concat([jpegs[0]!.subarray(0, scanAt), Buffer.from([1, 2]), tables])
    progressive[progressive.indexOf(Buffer.from([0xff, 0xc0])) + 1] = 0xc2
    const show = (body: Buffer) => {
      const parts: Part[] = []
      const reader = new PartReader(part => { parts.push(part) }, body.length)
      reader.push(body)
      reader.end()
      return parts
    }
    t.same(show(progressive), [])
    t.equal(show(progressive.subarray(0, -tables.length)).length, 1, 'in its scan, it is shown')
    const vast = Buffer.from(jpegs[0]!.subarray(0, -2))
    vast.writeUInt32BE(0xffffffff, vast.indexOf(Buffer.from([0xff, 0xc0])) + 5)
    t.throws(() => show(vast), { code: 'PICTURE_TOO_LARGE' })
  })

  t.test('are dropped if their part ends within a header, although its length is right', async t => {
    const [jpeg, second] = jpegs as [Buffer, Buffer]
    const scan = jpeg.indexOf('ffda', 0, 'hex') + 2 + 12
    for (const length of [scan - 1, scan - 5]) {
      const body = Buffer.concat([jpeg.subarray(0, length), second].map(bytes => part(Buffer.concat([bytes, Buffer.from('\r\n')]), `--b\r\nContent-Length: ${bytes.length}\r\n\r\n`)))
      t.same(read([body]).parts.map(({ bytes }) => bytes), [second])
    }
  })

  t.test('have their Huffman tables, even if they come without tables or an EOI', async t => {
    const [standard] = makeJpegs(1, '64x48', ['-huffman', 'default']) as [Buffer]
    const bare = withoutTables(standard)
    for (const body of [bare, bare.subarray(0, -2)]) {
      const parts: Part[] = []
      const reader = new PartReader(part => { parts.push(part) }, body.length)
      reader.push(body)
      reader.end()
      t.equal(parts.length, 1)
      t.equal(parts[0]!.bytes.length, standard.length)
      t.same(decodeJpeg(parts[0]!.bytes), decodeJpeg(standard))
    }
  })

  t.test('come without the rest of their part: a preview, a map', async t => {
    const [small] = makeJpegs(1, '32x32') as [Buffer]
    for (const second of [small, Buffer.concat([Buffer.alloc(9), small]), Buffer.concat([small, small]), jpegs[2]!]) {
      const both = Buffer.concat([jpegs[0]!, second])
      const whole: Part[] = []
      const reader = new PartReader(part => { whole.push(part) }, both.length)
      reader.push(both)
      t.match(whole, [{ bytes: jpegs[0], width: 64, height: 48 }])
      t.equal(reader.pictures, 1)
      const twice = part(both, `\r\n--b\r\nContent-Length: ${both.length}\r\n\r\n`)
      t.same(read([twice, twice]).parts.map(({ bytes }) => bytes), [jpegs[0], jpegs[0]])
    }
    const untold = part(Buffer.concat([jpegs[0]!, small]), '\r\n--b\r\nContent-Type: image/jpeg\r\n\r\n')
    t.same(read([untold, untold]).parts.map(({ bytes }) => bytes), [jpegs[0], jpegs[0]])
    const between = [part(jpegs[0]!, '--b\r\nContent-Length: 99999\r\n\r\n'), part(small, '\r\n--b\r\nContent-Length: 99999\r\n\r\n')]
    t.match(read(between).parts, [{ width: 64 }, { width: 32 }], 'but a separate part is a picture, whatever length the part before announces')
  })

  t.test('do not change the state by their own bytes', async t => {
    const comment = Buffer.from('\r\nX-Camera-State: waiting\r\n')
    const odd = Buffer.concat([jpegs[0]!.subarray(0, 2), Buffer.from([0xff, 0xfe, 0, comment.length + 2]), comment, jpegs[0]!.subarray(2)])
    t.same(read([odd.subarray(0, -5), odd.subarray(-5), jpegs[1]!]).parts.map(({ state }) => state), [undefined, undefined])
  })

  t.test('are missing, and the type that comes instead is reported', async t => {
    t.equal(read([Buffer.from('--b\r\nContent-Type: image/png\r\n\r\n\x89PNG…')]).reader.otherType, 'image/png')
    t.equal(read([Buffer.from('--b\r\nContent-Type: image/jp')]).reader.otherType, undefined, 'cut off')
    t.equal(read([Buffer.from('--b\r\nContent-Type: image/jpeg\r\n\r\n')]).reader.otherType, undefined)
    t.equal(read([Buffer.from('--b\r\nContent-Type: a\x1b[1m/b\r\n\r\n')]).reader.otherType, undefined, 'nothing that controls a terminal')
  })

  t.test('throw nothing but FRAME_TOO_LARGE for any bytes', async () => {
    const piece = fc.oneof(fc.uint8Array({ maxLength: 64 }), fc.constantFrom(...jpegs, Buffer.from('\r\n--b\r\nX-Camera-State: '), Buffer.from([0xff, 0xd8, 0xff])))
    fc.assert(fc.property(fc.array(piece, { maxLength: 20 }), cuts, (pieces, places) => {
      try {
        for (const { bytes, width, height } of read(cut(Buffer.concat(pieces), places)).parts) assert.deepEqual(split([bytes]).jpegs, [{ bytes, width, height }], 'and a splitter finds the same picture')
      } catch (error) {
        assert.ok(error instanceof CamgateError && error.code === 'FRAME_TOO_LARGE', String(error))
      }
    }), { numRuns: 300 })
    const reader = new PartReader(() => {})
    for (let i = 0; i < 200; i++) reader.push(Buffer.alloc(65_536, 'Content-Type: text/html\r\n'))
    assert.throws(() => {
      for (let i = 0; i < 200; i++) reader.push(i === 0 ? jpegs[0]!.subarray(0, -20) : Buffer.alloc(65_536))
    }, { code: 'FRAME_TOO_LARGE' })
  })
})
