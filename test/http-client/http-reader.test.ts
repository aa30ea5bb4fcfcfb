import type { Socket } from 'node:net'
import t from 'tap'
import { addressOf } from '../../src/ingest/address.js'
import { formatChallenge, type AuthChallenge } from '../../src/http-auth/challenge.js'
import { verify } from '../../src/http-auth/digest.js'
import { selfSigned } from '../../src/simulator/certificate.js'
import { until } from '../e2e/until.js'
import { FakeClock } from '../fake-clock.js'
import { makeJpegs } from '../jpegs.js'
import { part, readHttp, scriptedHttp, whole, type Asked } from './http-camera.js'

const [first, second] = makeJpegs(2) as [Buffer, Buffer]
const credentials = { username: 'admin', password: 'p/a:s@s "w?rd' }
const MULTIPART = 'HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=b\r\n\r\n'
const stream = (socket: Socket, ...parts: Buffer[]) => { socket.write(Buffer.concat([Buffer.from(MULTIPART), ...parts])) }

t.test('a camera that sends picture after picture', async t => {
  t.test('is read until the end, over one connection', async t => {
    const { url, asked, connections } = await scriptedHttp(t, (_, socket) => stream(socket, part(first), part(second)))
    const { reader, seen, pictures, leave } = readHttp(url)
    t.equal(reader.report(), undefined)
    await pictures(2)
    t.same(seen.pictures, [first, second])
    t.equal(seen.tracks, 1)
    t.match(reader.report(), { transport: 'http', codec: 'mjpeg', width: 64, height: 48, picturesDamaged: 0 })
    t.match(asked[0]!.head, /^GET \/cam HTTP\/1\.1\r\n/)
    t.notOk(asked[0]!.header('authorization'))
    await leave()
    t.equal(seen.error, undefined)
    await until('it is left', () => connections.open.size === 0)
    reader.stop()
  })
  t.test('may answer in any form: HTTP/1.0, chunked, LF only, without a type', async t => {
    for (const [head, kind] of [
      ['HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace\r\n\r\n', 'http'],
      ['HTTP/1.1 200 OK\nContent-Type: multipart/x-mixed-replace;boundary="--b"\n\n', 'http'],
      ['HTTP/1.1 200\r\n\r\n', 'http-mjpeg'],
      ['HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n\r\n', 'http-mjpeg']
    ] as const) {
      const { url } = await scriptedHttp(t, (_, socket) => { socket.write(Buffer.concat([Buffer.from(head), part(first), part(second)])) })
      const { seen, pictures, leave } = readHttp(url, { kind })
      await pictures(2)
      t.same(seen.pictures, [first, second], head)
      await leave()
    }
    const { url } = await scriptedHttp(t, (_, socket) => {
      socket.write(MULTIPART.replace('\r\n\r\n', '\r\nTransfer-Encoding: chunked\r\n\r\n'))
      for (const piece of [first.subarray(0, 10), first.subarray(10)]) socket.write(Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')]))
    })
    const { seen, pictures, leave } = readHttp(url)
    await pictures(1)
    t.same(seen.pictures, [first])
    await leave()
  })
  t.test('ends, with the reason', async t => {
    for (const [parts, code] of [[[part(first), part(second)], 'HTTP_CLOSED'], [[], 'HTTP_CLOSED']] as const) {
      const { url } = await scriptedHttp(t, (_, socket) => {
        stream(socket, ...parts)
        socket.end()
      })
      const { seen, ended } = readHttp(url)
      await ended()
      t.equal(seen.error?.code, code)
    }
  })
  t.test('sends chunks with wrong or missing lengths', async t => {
    for (const broken of ['zz\r\nabc\r\n', '2\r\nabqqqq\r\n']) {
      const { url } = await scriptedHttp(t, (_, socket) => {
        socket.write(Buffer.concat([Buffer.from(MULTIPART.replace('\r\n\r\n', `\r\nTransfer-Encoding: chunked\r\n\r\n${first.length.toString(16)}\r\n`)), first, Buffer.from(`\r\n${broken}`)]))
      })
      const { seen, ended } = readHttp(url)
      await ended()
      t.match(seen.error, { code: 'HTTP_CHUNKS', message: /the chunks of its answer/ })
    }
  })
  t.test('shows the pictures of another camgate, not its status frames', async t => {
    const { url } = await scriptedHttp(t, (_, socket) => stream(socket, part(first, 'X-Camera-State: starting\r\n')))
    const { reader, seen, leave } = readHttp(url)
    await until('its state is known', () => reader.lastError !== undefined)
    t.match(reader.lastError, /it is starting there/)
    t.same(seen.pictures, [])
    await leave()
    const other = await scriptedHttp(t, (_, socket) => stream(socket, part(second), part(first, 'X-Camera-State: waiting\r\n'), part(second)))
    const { seen: shown, ended: over } = readHttp(other.url)
    await over()
    t.same(shown.pictures, [second])
    t.match(shown.error, { code: 'UPSTREAM_NO_PICTURE', message: /has no picture of this camera itself/ })
  })
  t.test('says why another camgate ends the stream', async t => {
    for (const [state, message] of [['expired', /what camgate shows it has expired/], ['revoked', /has logged camgate out/]] as const) {
      const { url } = await scriptedHttp(t, (_, socket) => stream(socket, part(second), part(first, `X-Camera-State: ${state}\r\n`)))
      const { seen, ended } = readHttp(url)
      await ended()
      t.same(seen.pictures, [second])
      t.match(seen.error, { code: 'UPSTREAM_NO_PICTURE', message })
    }
  })
  t.test('marks damaged pictures of another camgate', async t => {
    const { url } = await scriptedHttp(t, (_, socket) => stream(socket, part(first), part(second, 'X-Damaged: 1\r\n'), part(first)))
    const { seen, reader, pictures, leave } = readHttp(url)
    await pictures(3)
    t.same(seen.damaged, [false, true, false])
    t.equal(reader.report()!.picturesDamaged, 1)
    await leave()
    const single = await scriptedHttp(t, (_, socket, count) => { socket.write(whole(first, { 'Content-Type': 'image/jpeg', ...count === 1 && { 'X-Damaged': '1' } })) })
    const snapshots = readHttp(single.url)
    await snapshots.pictures(2)
    await snapshots.leave()
    t.same(snapshots.seen.damaged.slice(0, 2), [true, false])
  })
  t.test('reports the type that it sends instead', async t => {
    const { url } = await scriptedHttp(t, (_, socket) => stream(socket, Buffer.from('--b\r\nContent-Type: image/png\r\n\r\nPNG')))
    const { reader, leave } = readHttp(url)
    await until('something came', () => reader.lastError !== undefined)
    t.equal(reader.lastError, 'it sends image/png, not JPEG')
    await leave()
  })
})

t.test('a camera that is asked for each picture', async t => {
  t.test('keeps its connection, and sends an unchanged picture only once', async t => {
    const { url, asked, connections } = await scriptedHttp(t, ({ header }, socket, count) => {
      const etag = count < 5 ? '"1"' : '"2"'
      socket.write(header('if-none-match') === etag ? `HTTP/1.1 304 Not Modified\r\nETag: ${etag}\r\n\r\n` : whole(count < 5 ? first : second, { 'Content-Type': 'image/jpeg', ETag: etag }))
    })
    const { reader, seen, leave } = readHttp(url)
    await until('the second picture, and that it stays', () => seen.unchanged >= 6)
    t.same(seen.pictures, [first, second])
    t.equal(asked.filter(({ header }) => header('if-none-match') === '"1"').length, 4)
    t.equal(connections.total, 1)
    t.match(reader.report(), { transport: 'http', width: 64 })
    await leave()
  })
  t.test('is trusted about the time of its last change if that is a second ago', async t => {
    for (const [date, unchanged] of [['00:00:02', true], ['00:00:01', false]] as const) {
      const headers = { 'Content-Type': 'image/jpeg', 'Last-Modified': 'Thu, 01 Jan 2026 00:00:01 GMT', Date: `Thu, 01 Jan 2026 ${date} GMT` }
      const { url, asked } = await scriptedHttp(t, ({ header }, socket) => { socket.write(header('if-modified-since') ? 'HTTP/1.1 304 Not Modified\r\n\r\n' : whole(first, headers)) })
      const { seen, leave } = readHttp(url)
      await until('it was asked', () => asked.length > 3)
      await leave()
      t.equal(seen.unchanged > 0, unchanged)
      t.equal(seen.pictures.length === 1, unchanged)
    }
  })
  t.test('is never asked before it has answered, nor too often', async t => {
    let open = 0
    let most = 0
    const times: number[] = []
    const { url } = await scriptedHttp(t, (_, socket, count) => {
      times.push(performance.now())
      most = Math.max(most, ++open)
      setTimeout(() => {
        open--
        socket.write(whole(first))
      }, count < 4 ? 120 : 5)
    })
    const { seen, leave } = readHttp(url, { fps: 20 })
    await until('ten pictures', () => seen.pictures.length >= 10)
    await leave()
    t.equal(most, 1)
    const gaps = times.slice(1).map((at, index) => at - times[index]!)
    t.ok(gaps.slice(0, 3).every(gap => gap > 110), `slow ones: ${gaps}`)
    t.ok(times.at(-1)! - times[4]! > 100, `no catching up: ${gaps}`) // catching up would take 25 ms; 250 are right
  })
  t.test('may close after each answer, or just when it is asked again', async t => {
    const { url, connections } = await scriptedHttp(t, (_, socket, count) => {
      if (count === 4) socket.resetAndDestroy()
      else if (count === 3) socket.write(whole(first))
      else socket.end(whole(first, { 'Content-Type': 'image/jpeg', Connection: 'close' }))
    })
    const { pictures, leave } = readHttp(url)
    await pictures(5)
    t.ok(connections.total >= 4)
    await leave()
  })
  t.test('sometimes sends a broken picture, or none at all', async t => {
    const { url } = await scriptedHttp(t, (_, socket, count) => { socket.write(whole(count % 2 ? first : first.subarray(0, 200))) })
    const { reader, pictures, leave } = readHttp(url)
    await pictures(3)
    t.ok(reader.report()!.picturesDamaged >= 2)
    await leave()
    const none = await scriptedHttp(t, (_, socket) => { socket.write(whole('no picture')) })
    const { reader: nothing, leave: leaveIt } = readHttp(none.url)
    await until('it complains', () => nothing.lastError !== undefined)
    t.equal(nothing.lastError, 'there is no whole JPEG in its answer')
    await leaveIt()
  })
  t.test('may fail occasionally, but not for long, and not before its first picture', async t => {
    const failures: Array<[(socket: Socket) => void, ends: string | undefined]> = [
      [socket => socket.write(whole('x'.repeat(200_000), {}, '503 Service Unavailable')), 'HTTP_REFUSED'],
      [socket => { socket.resetAndDestroy() }, 'HTTP_SILENT'],
      [socket => socket.end(whole(first).subarray(0, 200)), 'ECONNRESET'],
      [() => {}, undefined] // never answers: the watchdog ends the attempt first
    ]
    for (const [fail, ends] of failures) {
      let failing = false
      const { url, asked, connections } = await scriptedHttp(t, (_, socket) => failing ? fail(socket) : socket.write(whole(first)))
      const clock = new FakeClock()
      const { seen, leave } = readHttp(url, { clock })
      const as = async (what: string, isTrue: () => boolean) => until(what, () => {
        clock.advance(250)
        return isTrue()
      })
      await as('a picture', () => seen.pictures.length > 0)
      failing = true
      const before = asked.length
      await as('three failures', () => asked.length >= before + 3)
      failing = false
      const pictures = seen.pictures.length
      await as('the next picture', () => seen.pictures.length > pictures)
      t.notOk(seen.ended)
      t.equal(connections.open.size, 1, 'no other connection is left')
      failing = true
      if (ends) {
        const [count, since] = [asked.length, clock.now()]
        await as('its end', () => seen.ended)
        t.equal(seen.error?.code, ends)
        t.ok(asked.length <= count + 5, `asked ${asked.length - count} times`)
        t.ok(clock.now() - since >= 3_000, 'retries wait')
        const early = readHttp(url)
        await early.ended()
      }
      await leave()
    }
    const { url, asked } = await scriptedHttp(t, (_, socket, count) => { socket.write(count < 3 ? whole(first) : whole('', {}, '404 Not Found')) })
    const { seen, ended } = readHttp(url)
    await ended()
    t.match(seen.error, { status: 404 }, 'some failures are not transient')
    t.equal(asked.length, 3)
  })
  t.test('is another camgate without a picture, or with one soon', async t => {
    const times: number[] = []
    const { url } = await scriptedHttp(t, (_, socket, count) => {
      times.push(performance.now())
      socket.write(whole(second, { 'Content-Type': 'image/jpeg', 'X-Camera-State': count === 1 ? 'starting' : 'stopped' }, '503 Service Unavailable'))
    })
    const { seen, ended } = readHttp(url)
    await ended()
    t.match(seen.error, { code: 'UPSTREAM_NO_PICTURE', message: /has stopped this camera/ })
    t.same([seen.pictures, times.length], [[], 2])
    t.ok(times[1]! - times[0]! > 900, 'requests wait')
  })
})

t.test('a login', async t => {
  const guarded = async (challenge: AuthChallenge) => await scriptedHttp(t, ({ header }, socket) => {
    const given = header('authorization')
    if (given && verify(given, challenge, credentials, 'GET')) socket.write(whole(first))
    else socket.write(whole('no', { 'WWW-Authenticate': formatChallenge(challenge) }, '401 Unauthorized'))
  })
  const challenges: AuthChallenge[] = [
    { scheme: 'basic', realm: 'cam' }, { scheme: 'digest', realm: 'cam', nonce: 'n1', algorithm: 'MD5', qop: true }, { scheme: 'digest', realm: 'cam', nonce: 'n1', algorithm: 'SHA-256', qop: false }
  ]
  for (const challenge of challenges) {
    t.test(`is sent by ${challenge.scheme}, once it was asked for, and from then on`, async t => {
      const { url, asked, connections } = await guarded(challenge)
      const { pictures, leave } = readHttp(`${url}?channel=1`, { credentials })
      await pictures(4)
      await leave()
      t.equal(asked.filter(({ header }) => !header('authorization')).length, 1)
      t.equal(connections.total, 1)
      if (challenge.scheme === 'digest') t.match(asked[1]!.header('authorization'), /uri="\/cam\?channel=1"/)
    })
    t.test(`is not guessed at by ${challenge.scheme}`, async t => {
      for (const wrong of [{ ...credentials, password: 'hunter2' }, undefined]) {
        const { url, asked } = await guarded(challenge)
        const { seen, ended } = readHttp(url, { credentials: wrong })
        await ended()
        t.match(seen.error, { code: 'HTTP_REFUSED', status: 401 })
        t.equal(asked.length, wrong ? 2 : 1)
      }
    })
  }
  t.test('is sent to no other host, and not from https to http', async t => {
    const other = await scriptedHttp(t, (_, socket) => { socket.write(whole(first)) })
    const elsewhere = other.url.replace('127.0.0.1', 'localhost')
    const to = (location: string, status = '302 Found') => scriptedHttp(t, ({ path }, socket) => { socket.write(path === '/there' ? whole(first) : whole('', { Location: location }, status)) })
    const stranger = readHttp((await to(elsewhere)).url, { credentials })
    await stranger.ended()
    t.match(stranger.seen.error, { code: 'BAD_REDIRECT', message: /another host \(localhost\)/ })
    const nextDoor = readHttp((await to(other.url)).url, { credentials })
    await nextDoor.ended()
    t.match(nextDoor.seen.error, { code: 'BAD_REDIRECT', message: /another port \(\d+\)/ })
    t.equal(other.asked.length, 0)
    const around = await to('/cam')
    const circle = readHttp(around.url, { credentials })
    await circle.ended()
    t.match(circle.seen.error, { code: 'HTTP_REFUSED', status: 302 })
    t.equal(around.asked.length, 4)
    for (const location of ['http://', 'rtsp://127.0.0.1/', 'file:///etc/passwd', 'http://[']) {
      const lost = readHttp((await to(location)).url)
      await lost.ended()
      t.match(lost.seen.error, { code: 'BAD_REDIRECT' }, location)
    }
    for (const [status, remembers] of [['302 Found', false], ['308 Permanent Redirect', true]] as const) {
      const near = await to('there', status)
      const found = readHttp(near.url, { credentials })
      await found.pictures(3)
      await found.leave()
      t.equal(near.asked.filter(({ path }) => path === '/cam').length === 1, remembers, status)
    }
    for (const location of [elsewhere, other.url, 'http://127.0.0.1:9/', 'http://169.254.169.254/latest/meta-data/', 'http://[::ffff:127.0.0.1]:9/stop/2']) {
      const plain = readHttp((await to(location)).url)
      await plain.ended()
      t.match(plain.seen.error, { code: 'BAD_REDIRECT' }, `${location}, without a password`)
    }
    t.equal(other.asked.length, 0)
    const secure = await scriptedHttp(t, (_, socket) => { socket.write(whole('', { Location: other.url }, '301 Moved')) }, selfSigned('camera', new Date()))
    const down = readHttp(secure.url, { address: addressOf(secure.url, true)! })
    await down.ended()
    t.match(down.seen.error, { code: 'BAD_REDIRECT', message: /not as safe/ })
  })
  t.test('is sent by TLS to a trusted camera', async t => {
    const { url } = await scriptedHttp(t, (_, socket) => { socket.write(whole(first)) }, selfSigned('camera', new Date()))
    const trusting = readHttp(url, { address: addressOf(url, true)! })
    await trusting.pictures(2)
    await trusting.leave()
    const careful = readHttp(url)
    await careful.ended()
    t.equal(careful.seen.error?.code, 'DEPTH_ZERO_SELF_SIGNED_CERT')
  })
})

t.test('anything but a camera', async t => {
  const answers: Array<[string | Buffer, string, Parameters<typeof readHttp>[1]?]> = [
    [whole('<html>', { 'Content-Type': 'text/html; charset=utf-8' }), 'The camera sends nothing that camgate can show: it answers with a page (text/html), not with a picture; is the path right?'],
    [whole('{}', { 'Content-Type': 'application/json' }), 'The camera sends nothing that camgate can show: it answers with something else (application/json), not with a picture; is the path right?'],
    [whole(first, { 'Content-Type': 'image/jpeg', 'Content-Encoding': 'gzip' }), 'The camera sends nothing that camgate can show: it answers with compressed pictures, which nobody asked for.'],
    [whole(first, {}), 'The camera sends nothing that camgate can show: it does not say what it sends; write type: http-mjpeg, or http-jpeg if each request is answered with one picture.'],
    [whole(first), 'The camera sends nothing that camgate can show: it answers with a single picture; write type: http-jpeg.', { kind: 'http-mjpeg' }],
    [whole('', {}, '404 Not\x1b Found'), 'The camera answers with 404 Not Found.'],
    [whole('', {}, '304 Not Modified'), 'The camera answers with 304 Not Modified.']
  ]
  for (const [answer, message, options] of answers) {
    const { url } = await scriptedHttp(t, (_, socket) => { socket.write(answer) })
    const { seen, ended } = readHttp(url, options)
    await ended()
    t.equal(seen.error?.message, message)
    t.equal(seen.tracks, 0)
  }
  for (const [answer, code] of [
    ['ICY 200 OK\r\n\r\n', 'HTTP_SYNTAX'],
    ['SSH-2.0-OpenSSH_9.2\r\n', 'HTTP_SYNTAX'],
    [`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(20_000)}`, 'HTTP_LIMIT'],
    [whole('', {}, '401 Unauthorized'), 'HTTP_REFUSED'],
    [whole('', { 'WWW-Authenticate': 'Negotiate' }, '401 Unauthorized'), 'NO_PROOF'],
    [whole('', { 'WWW-Authenticate': 'Digest realm="x", nonce="1", algorithm=SHA-512' }, '401 Unauthorized'), 'NO_PROOF']
  ] as const) {
    const { url } = await scriptedHttp(t, (_, socket) => { socket.write(answer) })
    const { seen, ended } = readHttp(url, { credentials })
    await ended()
    t.equal(seen.error?.code, code, String(answer).slice(0, 40))
  }
  t.test('never answers', async t => {
    const { url, asked } = await scriptedHttp(t, () => {})
    const clock = new FakeClock()
    const { seen, ended } = readHttp(url, { clock })
    clock.advance(0)
    await until('it is asked', () => asked.length > 0)
    clock.advance(7_999)
    t.notOk(seen.ended)
    clock.advance(1)
    await ended()
    t.equal(seen.error?.code, 'HTTP_SILENT')
    t.equal(clock.pending, 0)
  })
  t.test('can be left at any time', async t => {
    let request: Asked | undefined
    const { url, connections } = await scriptedHttp(t, asked => { request = asked })
    for (const wait of [false, true]) {
      const { seen, leave } = readHttp(url)
      if (wait) await until('it is asked', () => request !== undefined)
      await leave()
      t.equal(seen.error, undefined)
    }
    await until('it is left', () => connections.open.size === 0)
  })
})
