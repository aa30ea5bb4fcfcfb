import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { CamgateError } from '../../src/errors.js'
import { bodyReaderOf } from '../../src/http-client/http-body.js'
import { framingOf, takeHead } from '../../src/http-client/http-head.js'

const head = (text: string) => takeHead(Buffer.from(text, 'latin1'))

t.test('the head of an answer', async t => {
  t.test('is read as cameras write it', async t => {
    t.match(head('HTTP/1.1 200 OK\r\nA: 1\r\na:2\r\n\r\nbody'), { head: { status: 200, reason: 'OK', keeps: true }, size: 30 })
    t.match(head('\r\n\nHTTP/1.0  200\nno header\n\n'), { head: { status: 200, reason: '', keeps: false } })
    t.match(head(Buffer.from('HTTP/1.1 200 Fängt an\r\n\r\n').toString('latin1')), { head: { reason: 'Fängt an' } })
    t.match(head('http/1.1 404 Not Found\r\nConnection: Close\r\n\r\n'), { head: { status: 404, reason: 'Not Found', keeps: false } })
    t.match(head('HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\n\r\n'), { head: { keeps: true } })
    t.same(head('HTTP/1.1 401 \xdcber\r\nWWW-Authenticate: Basic\r\nwww-authenticate: Digest\r\n realm="\xdc"\r\n\r\n')?.head.headers.get('www-authenticate'), ['Basic', 'Digest realm="\xdc"'], 'byte for byte')
  })
  t.test('is incomplete before its empty line, and invalid as soon as that is certain', async t => {
    for (const text of ['', '\r\n', 'HTTP', 'HTTP/1.1 200 OK', 'HTTP/1.1 200 OK\r\nA: b\r\n']) t.equal(head(text), null, JSON.stringify(text))
    for (const text of ['ICY 200 OK', 'SSH-2.0', '\0\0\0\0\0\0', '<html>', 'HTTP/2 200 OK\r\n\r\n', 'HTTP/1.1 OK\r\n\r\n']) t.throws(() => head(text), { code: 'HTTP_SYNTAX' }, text)
    t.throws(() => head(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(20_000)}`), { code: 'HTTP_LIMIT' })
    t.throws(() => head(`HTTP/1.1 200 OK\r\n${'X: x\r\n'.repeat(200)}`), { code: 'HTTP_LIMIT' })
  })
  t.test('determines where the body ends, and wrong lengths are ignored', async t => {
    const framing = (lines: string, status = 200) => framingOf(head(`HTTP/1.1 ${status} X\r\n${lines}\r\n`)!.head)
    for (const lines of ['Content-Length: 5\r\n', 'Content-Length: 5\r\nContent-Length: 5\r\n', 'Content-Length: 5, 05\r\n']) t.same(framing(lines), { kind: 'length', bytes: 5 }, lines)
    for (const value of ['-1', '', 'five', '5 bytes', '0x5', '1e3', '99999999999999999', '5\r\nContent-Length: 6', '5, 6']) t.same(framing(`Content-Length: ${value}\r\n`), { kind: 'close' }, value)
    t.same(framing(''), { kind: 'close' })
    t.same(framing('Transfer-Encoding: Chunked\r\nContent-Length: 5\r\n'), { kind: 'chunked' })
    t.same(framing('Content-Length: 5\r\n', 304), { kind: 'length', bytes: 0 })
  })
})

t.test('a body', async t => {
  const read = (framing: Parameters<typeof bodyReaderOf>[0], pieces: readonly Buffer[]) => {
    const reader = bodyReaderOf(framing)
    let rest = Buffer.alloc(0)
    const body = pieces.flatMap(piece => {
      if (reader.over) {
        rest = Buffer.concat([rest, piece])
        return []
      }
      const taken = [...reader.take(piece)]
      rest = Buffer.from(reader.rest)
      return taken
    })
    return { body: Buffer.concat(body), over: reader.over, rest }
  }
  const cut = (bytes: Buffer, places: readonly number[]): Buffer[] => {
    const ends = [...places.map(place => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)
    return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end))
  }
  t.test('has the length in its head, wherever it is cut, and the rest stays', async () => {
    const chunk = (piece: Uint8Array) => Buffer.concat([Buffer.from(`${piece.length.toString(16)};ext="a"\r\n`), piece, Buffer.from('\r\n')])
    const places = fc.array(fc.nat(10_000), { maxLength: 12 })
    fc.assert(fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 5 }), fc.uint8Array({ maxLength: 50 }), places, (chunks, behind, places) => {
      const body = Buffer.concat(chunks)
      const chunked = Buffer.concat([...chunks.map(chunk), Buffer.from('0\r\nTrailer: x\r\n\r\n'), behind])
      for (const [framing, bytes] of [[{ kind: 'chunked' }, chunked], [{ kind: 'length', bytes: body.length }, Buffer.concat([body, behind])]] as const) {
        const found = read(framing, cut(bytes, places))
        assert.deepEqual(found, { body, over: true, rest: Buffer.from(behind) })
      }
    }))
  })
  t.test('in invalid chunks is refused, and bounded', async t => {
    for (const bytes of ['zz\r\n', '2\r\nabqq\r\n', `1${';'.repeat(300)}`, '-1\r\n', '123456789\r\n', `0\r\n${'T: x\r\n'.repeat(2_000)}`]) {
      t.throws(() => read({ kind: 'chunked' }, [Buffer.from(bytes)]), { code: 'HTTP_CHUNKS' }, bytes.slice(0, 10))
    }
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), bytes => {
      try {
        read({ kind: 'chunked' }, [Buffer.from(bytes)])
        takeHead(Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\n'), bytes]))
      } catch (error) {
        assert.ok(error instanceof CamgateError, String(error))
      }
    }))
  })
})
