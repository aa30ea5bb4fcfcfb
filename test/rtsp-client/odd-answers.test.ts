import type { Socket } from 'node:net'
import t from 'tap'
import { until } from '../e2e/until.js'
import { FakeClock } from '../fake-clock.js'
import { makeJpegs } from '../jpegs.js'
import { part, readHttp, scriptedHttp, whole } from '../http-client/http-camera.js'

const [first, second] = makeJpegs(2) as [Buffer, Buffer]
const [preview] = makeJpegs(1, '32x32') as [Buffer]
const JPEG = { 'Content-Type': 'image/jpeg' }
const head = (lines: Readonly<Record<string, string>>, status = '200 OK') =>
  Buffer.from(`HTTP/1.1 ${status}\r\n${Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`)

/** A camera's answers to each request for a picture. */
const bodies: Array<[what: string, answer: (jpeg: Buffer) => Buffer]> = [
  ['a length that is too long', jpeg => whole(jpeg, { ...JPEG, 'Content-Length': String(jpeg.length + 48) })],
  ['a length of -1', jpeg => whole(jpeg, { ...JPEG, 'Content-Length': '-1' })],
  ['a length that is not a number', jpeg => whole(jpeg, { ...JPEG, 'Content-Length': 'many' })],
  ['its length twice', jpeg => whole(jpeg, { ...JPEG, 'content-length': String(jpeg.length) })],
  ['two lengths that differ', jpeg => whole(jpeg, { ...JPEG, 'content-length': '7' })],
  ['no length', jpeg => Buffer.concat([head(JPEG), jpeg])],
  ['zeros after the body', jpeg => Buffer.concat([whole(jpeg), Buffer.alloc(48)])],
  ['a line after the body', jpeg => Buffer.concat([whole(jpeg), Buffer.from('\r\n')])],
  ['no end marker', jpeg => whole(jpeg.subarray(0, -2))],
  ['a preview after the picture', jpeg => whole(Buffer.concat([jpeg, preview]))],
  ['a preview after the picture, in chunks that break off', jpeg => Buffer.concat([head({ ...JPEG, 'Transfer-Encoding': 'chunked' }), Buffer.from(`${(jpeg.length + preview.length).toString(16)}\r\n`), jpeg, preview, Buffer.from('\r\nx\r\n')])],
  ['the encoding none', jpeg => whole(jpeg, { ...JPEG, 'Content-Encoding': 'none' })],
  ['a single part, and its end', jpeg => Buffer.concat([head({ 'Content-Type': 'multipart/x-mixed-replace; boundary=b' }), part(jpeg), Buffer.from('--b--\r\n')])]
]

for (const [what, answer] of bodies) {
  for (const closes of [true, false]) {
    t.test(`a camera that answers each request with ${what} and ${closes ? 'ends' : 'keeps'} the connection is shown`, async t => {
      let answered = 0
      const { url, asked, connections } = await scriptedHttp(t, (_, socket) => {
        if (socket.writableEnded) return // asked before the end had come there: it asks again
        const bytes = answer(++answered % 2 ? first : second)
        if (closes) socket.end(bytes)
        else socket.write(bytes)
      })
      const { seen, pictures, leave, reader } = readHttp(url)
      await pictures(5)
      await leave()
      t.same(seen.pictures.slice(0, 4), [first, second, first, second], 'each of them once')
      t.equal(reader.report()!.picturesDamaged, 0)
      t.ok(asked.length <= seen.pictures.length + 2)
      await until('it is left', () => connections.open.size === 0)
    })
  }
}

t.test('a camera that sends a single part for each request', async t => {
  t.test('is asked no more often than its rate', async t => {
    const times: number[] = []
    const { url } = await scriptedHttp(t, (_, socket) => {
      times.push(performance.now())
      socket.end(Buffer.concat([head({ 'Content-Type': 'multipart/x-mixed-replace' }), part(first)]))
    })
    const { pictures, leave } = readHttp(url, { fps: 10 })
    await pictures(4)
    await leave()
    t.ok(times[3]! - times[0]! > 270, String(times))
  })
  t.test('is not mistaken for a stream that breaks off', async t => {
    const { url } = await scriptedHttp(t, (_, socket) => { socket.end(Buffer.concat([head({ 'Content-Type': 'multipart/x-mixed-replace' }), part(first), part(second)])) })
    const { seen, ended } = readHttp(url)
    await ended()
    t.match(seen.error, { code: 'HTTP_CLOSED' })
  })
  t.test('is not mistaken for a stream that once broke off after its first picture, and may pause', async t => {
    const clock = new FakeClock()
    let stream: Socket
    const { url, asked } = await scriptedHttp(t, (_, socket, count) => {
      const opening = Buffer.concat([head({ 'Content-Type': 'multipart/x-mixed-replace; boundary=b' }), part(first)])
      if (count === 1) socket.end(opening)
      else (stream = socket).write(Buffer.concat([opening, part(second)]))
    })
    const { seen, leave } = readHttp(url, { clock })
    const shown = (count: number) => until(`${count} pictures came`, () => {
      clock.advance(1)
      return seen.pictures.length >= count
    })
    await shown(3)
    clock.advance(5_000)
    stream!.write(part(first))
    await shown(4)
    t.equal(asked.length, 2, 'the stream was not asked for again')
    await leave()
  })
})

t.test('a stream is shown with', async t => {
  for (const [name, value] of [['Content-Length', '-1'], ['Content-Length', '1, 2'], ['Content-Encoding', 'none'], ['Content-Encoding', 'identity'], ['Content-Encoding', '']] as const) {
    t.test(`${name}: ${value}`, async t => {
      const { url } = await scriptedHttp(t, (_, socket) => { socket.write(Buffer.concat([head({ [name]: value, 'Content-Type': 'multipart/x-mixed-replace; boundary=b' }), part(first), part(second)])) })
      const { seen, pictures, leave } = readHttp(url)
      await pictures(2)
      t.same(seen.pictures, [first, second])
      await leave()
    })
  }
})

t.test('a cookie', async t => {
  t.test('is sent back to a camera that redirects to the same address until it gets it', async t => {
    const { url, asked } = await scriptedHttp(t, ({ header }, socket) => {
      socket.write(header('cookie') === 'AIROS=1' ? whole(first) : whole('', { 'Set-Cookie': 'AIROS=1; Path=/', Location: '/cam' }, '302 Found'))
    })
    const { pictures, leave } = readHttp(url)
    await pictures(3)
    await leave()
    t.equal(asked.filter(({ header }) => header('cookie') === undefined).length, 1)
    const again = readHttp(url)
    await again.pictures(1)
    await again.leave()
    t.equal(asked.filter(({ header }) => header('cookie') === undefined).length, 2, 'the next attempt begins without it')
  })
})

t.test('a hostile camera is bounded', async t => {
  const endless = (socket: Socket, bytes: Buffer) => {
    const more = () => { while (!socket.destroyed && socket.write(bytes)); }
    socket.on('drain', more)
    more()
  }
  for (const [what, bytes, code] of [
    ['announces for ever', Buffer.from('HTTP/1.1 100 Continue\r\n\r\n'.repeat(200)), 'HTTP_LIMIT'],
    ['never ends its head', Buffer.from(`X-A: ${'a'.repeat(1_000)}\r\n`), 'HTTP_LIMIT'],
    ['never ends its line', Buffer.alloc(1_000, 97), 'HTTP_LIMIT']
  ] as const) {
    t.test(`that ${what}`, async t => {
      const { url, connections } = await scriptedHttp(t, (_, socket) => {
        if (!what.includes('announces')) socket.write('HTTP/1.1 200 OK\r\n')
        endless(socket, bytes)
      })
      const { seen, ended } = readHttp(url)
      await ended()
      t.match(seen.error, { code })
      await until('it is left', () => connections.open.size === 0)
    })
  }
  t.test('that sends an endless body without a picture, which is read no faster than it is parsed', async t => {
    let sent = 0
    const { url, connections } = await scriptedHttp(t, (_, socket) => {
      socket.write(head(JPEG))
      const zeros = Buffer.alloc(65_536)
      const more = () => { while (!socket.destroyed && socket.write(zeros)) sent += zeros.length }
      socket.on('drain', more)
      more()
    })
    const { reader, seen, leave } = readHttp(url)
    await until('much came', () => sent > 20_000_000)
    t.notOk(seen.ended, 'that is left to the watchdog')
    t.equal(reader.lastError, 'there is no whole JPEG in its answer')
    await leave()
    await until('it is left', () => connections.open.size === 0)
  })
})
