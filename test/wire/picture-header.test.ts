import t from 'tap'
import { HEADER_BYTES, readHeader, writeHeader, type PictureHeader } from '../../src/wire/picture-header.js'

const header: PictureHeader = { kind: 'h265', key: true, discontinuity: false, statusFrame: true, tile: 0x0102, epoch: 0xfffe, seq: 0xfffffffd, wall: 1_795_780_800_123.456 }
const written = (more: Partial<PictureHeader> = {}, length = HEADER_BYTES): DataView<ArrayBuffer> => {
  const view = new DataView(new ArrayBuffer(length))
  writeHeader(view, { ...header, ...more })
  return view
}

t.test('a picture header', async t => {
  t.test('has its documented bytes', async t => {
    t.same(Buffer.from(written().buffer).toString('hex'), '010205000102fffefffffffd00066140ccaf9240')
  })
  t.test('is read as it was written', async t => {
    for (const kind of ['h264', 'h265', 'jpeg'] as const) {
      for (const flags of [{ key: false }, { discontinuity: true }, { statusFrame: false }]) t.match(readHeader(written({ kind, ...flags })), { ...header, kind, ...flags })
    }
  })
  t.test('is not read from anything else', async t => {
    t.equal(readHeader(new DataView(written().buffer, 0, HEADER_BYTES - 1)), undefined, 'too short')
    for (const [at, value] of [[0, 0], [0, 2], [1, 0], [1, 4]] as const) {
      const view = written()
      view.setUint8(at, value)
      t.equal(readHeader(view), undefined, `byte ${at} is ${value}`)
    }
  })
})
