import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import t from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { startSimulator } from '../../src/simulator/simulator.js'
import { addressOf } from '../../src/ingest/address.js'
import { UdpListener } from '../../src/rtsp-client/udp-listener.js'
import { udpPortPair } from '../../src/rtp/udp-ports.js'
import { selfSigned } from '../../src/simulator/certificate.js'
import { FakeClock } from '../fake-clock.js'
import { until } from '../e2e/until.js'
import { small } from '../simulator/small.js'
import { scripted, visit } from './camera.js'

const credentials = { username: 'admin', password: 'p/a:s@s "w?rd' }
const simulator = await startSimulator({
  ffmpegPath: findFfmpeg()!,
  cameras: [
    { ...small, id: 'h264' },
    { ...small, id: 'h265', codec: 'h265' },
    { ...small, id: 'mjpeg', codec: 'mjpeg' },
    { ...small, id: 'basic', auth: 'basic', ...credentials },
    { ...small, id: 'digest', auth: 'digest', ...credentials }
  ]
})
t.teardown(() => simulator.close())

t.test('a session', async t => {
  for (const id of ['h264', 'h265', 'mjpeg'] as const) {
    for (const transport of ['tcp', 'udp'] as const) {
      t.test(`receives the pictures of a camera that sends ${id} by ${transport}, and ends with TEARDOWN`, async t => {
        const before = simulator.stats(id)
        const { session, seen, pictures, leave } = visit(simulator.url(id), { transport })
        await pictures(25)
        const report = session.report()!
        await leave()
        t.equal(seen.error, undefined)
        const [first] = seen.pictures
        t.match(first, { codec: id, key: true, damaged: false, at: Number, rtpTime: Number })
        if (first!.codec === 'mjpeg') t.match(first, { width: 320, height: 240 })
        else t.same(first!.parameterSets, seen.track!.parameterSets)
        t.match(seen.track, { codec: id, clockRate: 90_000, format: id === 'mjpeg' ? undefined : { depth: 8 }, parameterSets: { length: { h264: 2, h265: 3, mjpeg: 0 }[id] } })
        t.ok(seen.pictures.every(({ at }, index) => index === 0 || at >= seen.pictures[index - 1]!.at))
        t.match(report, { transport, codec: id, width: 320, height: 240, packetsLost: 0, picturesDamaged: 0 })
        t.ok(report.fps > 15 && report.fps < 25, `${report.fps} fps`)
        t.ok(report.jitterMs < 50, `jitter of ${report.jitterMs} ms`)
        const { connections, connectionsTotal, teardowns } = simulator.stats(id)
        t.match({ connections, visits: connectionsTotal - before.connectionsTotal, teardowns: teardowns - before.teardowns }, { connections: 0, visits: 1, teardowns: 1 })
      })
    }
  }

  for (const id of ['basic', 'digest']) {
    t.test(`logs in with ${id}`, async t => {
      const before = simulator.stats(id).rejections
      const { pictures, leave } = visit(simulator.url(id), { credentials })
      await pictures(1)
      await leave()
      t.equal(simulator.stats(id).rejections, before)
    })
    t.test(`ends with 401 when the password for ${id} is wrong, after one try`, async t => {
      const before = simulator.stats(id).rejections
      const { seen, ended } = visit(simulator.url(id), { credentials: { ...credentials, password: 'wrong' } })
      await ended()
      t.match(seen.error, { code: 'RTSP_REFUSED', status: 401 })
      t.equal(simulator.stats(id).rejections - before, 1)
    })
  }

  for (const transport of ['tcp', 'udp'] as const) {
    t.test(`sends receiver reports and keep-alives by ${transport}`, async t => {
      const clock = new FakeClock()
      const before = simulator.stats('h264')
      const { pictures, leave } = visit(simulator.url('h264'), { transport, clock })
      await pictures(5)
      clock.advance(30_000)
      await until('a keep-alive and reports are there', () => {
        const { keepAlives, receiverReports } = simulator.stats('h264')
        return keepAlives - before.keepAlives === 1 && receiverReports - before.receiverReports >= 6
      })
      await leave()
      t.equal(clock.pending, 0)
    })
  }

  t.test('ends if the camera refuses, closes, or is not there', async t => {
    for (const [fault, error] of [['not-found', { status: 404 }], ['busy', { status: 453 }], ['refuse', { code: 'ECONNREFUSED' }]] as const) {
      await simulator.setFault('h264', { kind: fault })
      const { seen, ended } = visit(simulator.url('h264'))
      await ended()
      t.match(seen.error, error, fault)
    }
    await simulator.setFault('h264', { kind: 'cut', after: 0.2 })
    const { seen, ended } = visit(simulator.url('h264'))
    await ended()
    t.match(seen.error, { code: 'RTSP_CLOSED' })
    t.ok(seen.pictures.length > 0)
    await simulator.setFault('h264', null)
  })

  t.test('ends at once if it is stopped before it has begun', async t => {
    const { seen, leave } = visit(simulator.url('h264'))
    await leave()
    t.equal(seen.error, undefined)
    await until('nobody is connected', () => simulator.stats('h264').connections === 0)
  })

  for (const [what, setup, play, session, keepAliveAfter] of [
    ['only in answer to PLAY', '', 'Session: 998877;timeout=12\r\n', '998877', 4_000],
    ['in answer to SETUP, and another one in answer to PLAY', 'Session: 1;timeout=12\r\n', 'Session: 2\r\n', '1', 4_000],
    ['without a timeout, which comes with PLAY', 'Session: 1\r\n', 'Session: 1;timeout=6\r\n', '1', 2_000],
    ['nowhere', '', '', undefined, 20_000]
  ] as const) {
    t.test(`belongs to the session that the camera names ${what}`, async t => {
      const clock = new FakeClock()
      const sdp = 'v=0\r\nm=video 0 RTP/AVP 26\r\n'
      const more: Record<string, string> = {
        OPTIONS: 'Public: GET_PARAMETER\r\n', DESCRIBE: `Content-Length: ${sdp.length}\r\n`, SETUP: `Transport: RTP/AVP/TCP;interleaved=0-1\r\n${setup}`, PLAY: play
      }
      const { url, asked } = await scripted(t, ({ method, headers }, socket) => {
        socket.write(`RTSP/1.0 200 OK\r\nCSeq: ${headers.get('cseq')}\r\n${more[method] ?? ''}\r\n${method === 'DESCRIBE' ? sdp : ''}`)
      })
      const sessionOf = (method: string) => asked.find(request => request.method === method)?.headers.get('session')?.[0]
      const was = (method: string) => until(`${method} was asked`, () => asked.some(request => request.method === method))
      const { leave, session: visited } = visit(url, { clock, transport: 'tcp' })
      await was('PLAY')
      await until('it plays', () => clock.pending === 2) // the next keep-alive, the next report
      clock.advance(keepAliveAfter - 1)
      t.notOk(asked.some(({ method }) => method === 'GET_PARAMETER'))
      clock.advance(1)
      await was('GET_PARAMETER')
      t.equal(sessionOf('GET_PARAMETER'), session)
      visited.stop()
      await was('TEARDOWN')
      t.equal(sessionOf('TEARDOWN'), session)
      clock.advance(500)
      await leave()
    })
  }

  t.test('does not wait forever for an answer', async t => {
    const clock = new FakeClock()
    const { url, asked } = await scripted(t, () => {})
    const { seen, ended } = visit(url, { clock })
    await until('it was asked', () => asked.length > 0)
    clock.advance(8_000)
    await ended()
    t.match(seen.error, { code: 'RTSP_SILENT', message: /OPTIONS/ })
  })

  t.test('does not wait forever for a connection', async t => {
    const clock = new FakeClock()
    let received = 0
    const camera = createServer(socket => { socket.on('error', () => {}).on('data', chunk => { received += chunk.length }) }) // never begins TLS
    await new Promise<void>(resolve => camera.listen(0, '127.0.0.1', resolve))
    t.teardown(() => { camera.close() })
    const { seen, ended } = visit(`rtsps://127.0.0.1:${(camera.address() as AddressInfo).port}/1`, { clock })
    await until('TLS was offered', () => received > 0)
    clock.advance(8_000)
    await ended()
    t.match(seen.error, { code: 'TLS_SILENT' })
    t.equal(clock.pending, 0)
  })

  t.test('does not wait forever for a camera to close its end', async t => {
    const clock = new FakeClock()
    let hungUp = false
    const camera = createServer({ allowHalfOpen: true }, socket => { socket.on('error', () => {}).on('end', () => { hungUp = true }).resume() })
    t.teardown(() => camera.close())
    camera.listen(0, '127.0.0.1')
    await once(camera, 'listening')
    const { session, seen, ended } = visit(`rtsp://127.0.0.1:${(camera.address() as AddressInfo).port}/`, { clock })
    await until('it asks', () => clock.pending === 1 && camera.listening)
    await until('it is connected', async () => await new Promise<number>(resolve => { camera.getConnections((_, count) => resolve(count)) }) === 1)
    session.stop()
    await until('we have hung up', () => hungUp)
    t.notOk(seen.ended)
    clock.advance(500)
    await ended()
    t.equal(seen.error, undefined)
  })

  t.test('follows a redirect, with a password only on the same host, and not forever', async t => {
    const { url, asked } = await scripted(t, ({ headers }, socket) => {
      socket.write(`RTSP/1.0 302 Moved\r\nCSeq: ${headers.get('cseq')}\r\nLocation: ${url}/again\r\n\r\n`)
    })
    const { seen, ended } = visit(url)
    await ended()
    t.match(seen.error, { code: 'RTSP_REFUSED', status: 302 })
    t.equal(asked.filter(({ method }) => method === 'DESCRIBE').length, 4)
    t.equal(asked.at(-1)!.url, `${url}/again`)
  })

  t.test('does not send the password to another host after a redirect', async t => {
    const challenge = 'WWW-Authenticate: Basic realm="r"\r\n'
    const other = await scripted(t, ({ headers }, socket) => { socket.write(`RTSP/1.0 401 No\r\nCSeq: ${headers.get('cseq')}\r\n${challenge}\r\n`) })
    const elsewhere = other.url.replace('127.0.0.1', 'localhost')
    const { url, asked } = await scripted(t, ({ headers }, socket) => {
      const proven = headers.has('authorization')
      socket.write(`RTSP/1.0 ${proven ? 302 : 401} So\r\nCSeq: ${headers.get('cseq')}\r\n${proven ? `Location: ${elsewhere}\r\n` : challenge}\r\n`)
    })
    const { seen, ended } = visit(url, { credentials })
    await ended()
    t.match(seen.error, { code: 'BAD_REDIRECT', message: /another host/ })
    t.ok(asked.some(({ headers }) => headers.has('authorization')), 'only the camera gets it')
    t.same(other.asked, [])
  })

  t.test('follows redirects only to the camera itself', async t => {
    const other = await scripted(t, () => {})
    for (const location of [other.url, other.url.replace('127.0.0.1', 'localhost'), 'rtsp://169.254.169.254/1', 'http://127.0.0.1/stop/2', 'rtsp://[::1]:554/1']) {
      for (const who of [undefined, credentials]) {
        const { url } = await scripted(t, ({ headers }, socket) => { socket.write(`RTSP/1.0 302 Moved\r\nCSeq: ${headers.get('cseq')}\r\nLocation: ${location}\r\n\r\n`) })
        const { seen, ended } = visit(url, { credentials: who })
        await ended()
        t.match(seen.error, { code: 'BAD_REDIRECT' }, location)
      }
    }
    t.same(other.asked, [])
  })

  t.test('rejects a self-signed certificate unless it is allowed, and never leaves TLS', async t => {
    const open = await scripted(t, () => {})
    const { url, asked } = await scripted(t, ({ headers }, socket) => {
      socket.write(`RTSP/1.0 302 Moved\r\nCSeq: ${headers.get('cseq')}\r\nLocation: ${open.url}\r\n\r\n`)
    }, selfSigned('camera', new Date()))
    const strict = visit(url)
    await strict.ended()
    t.match(strict.seen.error, { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
    t.same(asked, [])
    const trusting = visit(url, { address: addressOf(url, true)! })
    await trusting.ended()
    t.match(trusting.seen.error, { code: 'BAD_REDIRECT' })
    t.same(open.asked, [])
  })

  t.test('distinguishes an unsupported login method from a wrong password', async t => {
    const { url } = await scripted(t, ({ headers }, socket) => {
      socket.write(`RTSP/1.0 401 No\r\nCSeq: ${headers.get('cseq')}\r\nWWW-Authenticate: Digest realm="r", nonce="n", algorithm=SHA-512\r\n\r\n`)
    })
    const { seen, ended } = visit(url, { credentials })
    await ended()
    t.match(seen.error, { code: 'NO_PROOF' })
  })

  t.test('ends if a camera never stops sending challenges', async t => {
    let nonce = 0
    const { url, asked } = await scripted(t, ({ headers }, socket) => {
      socket.write(`RTSP/1.0 401 No\r\nCSeq: ${headers.get('cseq')}\r\nWWW-Authenticate: Digest realm="r", nonce="${nonce++}", stale=true\r\n\r\n`)
    })
    const { seen, ended } = visit(url, { credentials })
    await ended()
    t.match(seen.error, { status: 401 })
    t.ok(asked.length <= 6, `${asked.length} requests`)
  })

  t.test('answers a request of the camera, and continues', async t => {
    const { url } = await scripted(t, ({ headers }, socket) => {
      socket.write('OPTIONS * RTSP/1.0\r\nCSeq: 7\r\n\r\n')
      socket.write(`RTSP/1.0 404 Not Found\r\nCSeq: ${headers.get('cseq')}\r\n\r\n`)
    })
    const { seen, ended } = visit(url)
    await ended()
    t.match(seen.error, { status: 404 })
  })

  for (const [what, bytes, code] of [
    ['no RTSP', 'SSH-2.0-OpenSSH_9.2\r\n\r\n', 'RTSP_SYNTAX'],
    ['HTTP', 'HTTP/1.1 200 OK\r\n\r\n', 'WRONG_PROTOCOL'],
    ['headers without end', `RTSP/1.0 200 OK\r\n${'X: y\r\n'.repeat(5_000)}`, 'RTSP_LIMIT'],
    ['a body of 4 GB', 'RTSP/1.0 200 OK\r\nContent-Length: 4294967296\r\n\r\n', 'RTSP_LIMIT'],
    ['no session description', 'RTSP/1.0 200 OK\r\nContent-Length: 4\r\n\r\nnone', 'NO_VIDEO']
  ] as const) {
    t.test(`ends when it gets ${what}`, async t => {
      const { url } = await scripted(t, (_request, socket) => { socket.write(bytes) })
      const { seen, ended } = visit(url)
      await ended()
      t.match(seen.error, { code })
    })
  }
})

t.test('a UDP listener', async t => {
  t.test('accepts datagrams only from the camera, and opens the way for them', async t => {
    const taken: string[] = []
    const listener = await UdpListener.open('127.0.0.1', '127.0.0.1', { onRtp: packet => { taken.push(`${packet}`) }, onRtcp: packet => { taken.push(`${packet}`) } })
    const [camera, stranger] = [await udpPortPair('127.0.0.1'), await udpPortPair('127.0.0.2')]
    t.teardown(() => { for (const socket of [...camera, ...stranger]) socket.close() })
    t.teardown(() => listener.close())
    const knocks = [0, 0]
    camera.forEach((socket, index) => socket.on('message', () => { knocks[index]!++ }))
    listener.openFirewall([camera[0].address().port, camera[1].address().port])
    await until('it has sent to both', () => knocks.every(count => count === 1))
    for (const index of [0, 1] as const) {
      stranger[index].send('strange', listener.ports[index], '127.0.0.1')
      camera[index].send(`own ${index}`, listener.ports[index], '127.0.0.1')
    }
    await until('its own are there', () => taken.filter(text => text.startsWith('own')).length === 2)
    t.notOk(taken.includes('strange'))
  })
})
