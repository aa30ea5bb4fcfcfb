import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import t, { type Test } from 'tap'
import { systemClock } from '../../src/clock.js'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { addressOf } from '../../src/ingest/address.js'
import { Relay, type RelayOptions } from '../../src/rtsp-client/relay.js'
import { RtspParser, type RtspResponse } from '../../src/rtsp/message.js'
import { selfSigned } from '../../src/simulator/certificate.js'
import { startSimulator } from '../../src/simulator/simulator.js'
import { until } from '../e2e/until.js'
import { small } from '../simulator/small.js'
import { scripted } from './camera.js'

const credentials = { username: 'admin', password: 'p/a:s@s "w?rd' }
const simulator = await startSimulator({
  ffmpegPath: findFfmpeg()!,
  cameras: [{ ...small, id: 'digest', auth: 'digest', ...credentials }, { ...small, id: 'basic', auth: 'basic', ...credentials }, { ...small, id: 'moved', quirks: ['redirect'] as const }]
})
t.teardown(() => simulator.close())

async function relayed (t: Test, url: string, options: Partial<RelayOptions> = {}): Promise<Relay> {
  const relay = await Relay.open({ address: addressOf(url, false)!, credentials, clock: systemClock, ...options }, new AbortController().signal)
  t.teardown(() => relay.close())
  return relay
}

/** A client like ffmpeg, driven by the test. */
async function dial (t: Test, relay: Relay) {
  const socket = connect(Number(new URL(relay.url.replace('rtsp', 'http')).port), '127.0.0.1')
  t.teardown(() => socket.destroy())
  const parser = new RtspParser()
  const seen = { packets: 0, bytes: 0, ended: false }
  let onResponse = (_: RtspResponse) => {}
  let cseq = 0
  socket.on('error', () => {}).on('close', () => { seen.ended = true }).on('data', chunk => {
    seen.bytes += chunk.length
    for (const message of parser.push(chunk)) {
      if (message.kind === 'interleaved') seen.packets++
      if (message.kind === 'response') onResponse(message)
    }
  })
  await once(socket, 'connect')
  const ask = (method: string, url: string, headers = '') => new Promise<RtspResponse>((resolve, reject) => {
    onResponse = resolve
    socket.once('close', () => reject(new Error('it ended')))
    socket.write(`${method} ${url} RTSP/1.0\r\nCSeq: ${++cseq}\r\nUser-Agent: Lavf\r\n${headers}\r\n`)
  })
  return { socket, seen, ask }
}

/** From DESCRIBE to PLAY. */
async function play (ask: Awaited<ReturnType<typeof dial>>['ask'], url: string): Promise<void> {
  const { status, headers, body } = await ask('DESCRIBE', url)
  if (status !== 200) throw new Error(`DESCRIBE: ${status}`)
  const base = headers.get('content-base')?.[0] ?? url
  const control = /^m=video[^]*?^a=control:(\S+)/m.exec(body.toString())![1]!
  const setup = await ask('SETUP', control.startsWith('rtsp:') ? control : `${base}/${control}`, 'Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n')
  const started = await ask('PLAY', base, `Session: ${setup.headers.get('session')![0]!.split(';')[0]}\r\n`)
  if (started.status !== 200) throw new Error(`PLAY: ${started.status}`)
}

t.test('a relay', async t => {
  for (const id of ['digest', 'basic']) {
    t.test(`plays a camera that wants ${id} to a client without a password`, async t => {
      const relay = await relayed(t, simulator.url(id))
      t.notMatch(relay.url, new RegExp(`${id}|admin`))
      const { seen, ask, socket } = await dial(t, relay)
      await play(ask, relay.url)
      await until('packets come', () => seen.packets > 20)
      const before = simulator.stats(id).teardowns
      socket.destroy()
      await until('it sends TEARDOWN', () => simulator.stats(id).teardowns === before + 1 && simulator.stats(id).connections === 0)
      t.equal(relay.error, undefined)
      const again = await dial(t, relay)
      await play(again.ask, relay.url)
      await until('packets come again', () => again.seen.packets > 5)
    })
  }
  t.test('reports what the camera refuses', async t => {
    const wrong = await relayed(t, simulator.url('digest'), { credentials: { ...credentials, password: 'wrong' } })
    const { ask } = await dial(t, wrong)
    const answer = await ask('DESCRIBE', wrong.url)
    t.equal(answer.status, 401)
    t.notOk(answer.headers.has('www-authenticate'), 'the client does not log in')
    t.match(wrong.error, { code: 'RTSP_REFUSED', status: 401 })
    const missing = await relayed(t, simulator.url('digest').replace('digest', 'nobody'))
    const other = await dial(t, missing)
    t.equal((await other.ask('DESCRIBE', missing.url)).status, 404)
    t.match(missing.error, { status: 404 })
  })
  t.test('follows redirects to another path of the camera, and nowhere else', async t => {
    const moved = await relayed(t, simulator.url('moved'), { credentials: undefined })
    const { ask, socket } = await dial(t, moved)
    const answer = await ask('DESCRIBE', moved.url)
    t.equal(answer.status, 302)
    const location = answer.headers.get('location')![0]!
    t.match(location, moved.url.replace(/\d+$/, ''))
    socket.destroy()
    const again = await dial(t, moved)
    await play(again.ask, location)
    await until('packets come', () => again.seen.packets > 5)

    const elsewhere = await scripted(t, () => {})
    for (const location of [elsewhere.url, 'rtsp://127.0.0.9:5798/stolen', 'rtsp://localhost/x']) {
      const { url } = await scripted(t, ({ headers }, socket) => { socket.write(`RTSP/1.0 302 Moved\r\nCSeq: ${headers.get('cseq')}\r\nLocation: ${location}\r\n\r\n`) })
      const relay = await relayed(t, url)
      const client = await dial(t, relay)
      await t.rejects(client.ask('DESCRIBE', relay.url))
      t.match(relay.error, { code: 'BAD_REDIRECT' }, location)
    }
    t.same(elsewhere.asked, [])
  })
  t.test('never uses Basic for a camera that asked for Digest', async t => {
    const { url, asked } = await scripted(t, ({ headers }, socket) => {
      const challenge = headers.has('authorization') ? 'Basic realm="x"' : 'Digest realm="x", nonce="1"'
      socket.write(`RTSP/1.0 401 No\r\nCSeq: ${headers.get('cseq')}\r\nWWW-Authenticate: ${challenge}\r\n\r\n`)
    })
    const relay = await relayed(t, url)
    const { ask } = await dial(t, relay)
    await t.rejects(ask('DESCRIBE', relay.url))
    t.match(relay.error, { code: 'DOWNGRADE' })
    t.notOk(asked.some(({ headers }) => headers.get('authorization')?.[0]?.startsWith('Basic')))
  })
  t.test('serves one client, and only with the secret', async t => {
    const relay = await relayed(t, simulator.url('basic'))
    const stranger = await dial(t, relay)
    await t.rejects(stranger.ask('DESCRIBE', relay.url.replace(/\/[0-9a-f]{32}\//, `/${'0'.repeat(32)}/`)))
    const client = await dial(t, relay)
    await play(client.ask, relay.url)
    const second = await dial(t, relay)
    await t.rejects(second.ask('DESCRIBE', relay.url))
    const crowd = await Promise.all(Array.from({ length: 12 }, () => dial(t, relay)))
    await until('most silent clients are gone', () => crowd.filter(({ seen }) => !seen.ended).length <= 4)
    const { packets } = client.seen
    await until('the client is not disturbed', () => client.seen.packets > packets + 5)
  })
  t.test('makes the camera wait for a client that does not keep up', async t => {
    let sent = 0
    const { url } = await scripted(t, ({ method, headers }, socket: Socket) => {
      socket.write(`RTSP/1.0 200 OK\r\nCSeq: ${headers.get('cseq')}\r\nSession: 1\r\n\r\n`)
      if (method !== 'PLAY') return
      const packet = Buffer.alloc(60_004, 0x80)
      packet.set([0x24, 0, 60_000 >> 8, 60_000 & 255])
      const more = () => { while (!socket.destroyed && sent < 500_000_000 && socket.write(packet)) sent += packet.length }
      socket.on('drain', more)
      more()
    })
    const relay = await relayed(t, url)
    const { socket, ask, seen } = await dial(t, relay)
    await ask('PLAY', relay.url)
    socket.pause()
    let before = -1
    await until('no more is sent', () => {
      const isStill = sent === before
      before = sent
      return isStill
    }, 10_000, 300)
    t.ok(sent < 50_000_000, `${sent} bytes`)
    socket.resume()
    await until('it continues', () => seen.bytes > before + 10_000_000)
  })
  t.test('uses TLS if it trusts the camera, and fails to open otherwise', async t => {
    const { url, asked } = await scripted(t, ({ headers }, socket) => { socket.write(`RTSP/1.0 404 No\r\nCSeq: ${headers.get('cseq')}\r\n\r\n`) }, selfSigned('camera', new Date()))
    await t.rejects(relayed(t, url), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
    t.same(asked, [])
    const trusting = await relayed(t, url, { address: addressOf(url, true)! })
    const { ask } = await dial(t, trusting)
    t.equal((await ask('DESCRIBE', trusting.url)).status, 404)
  })
  t.test('reports why the camera is gone, and waits for the client without it', async t => {
    const cameras = new Set<Socket>()
    const { url, asked } = await scripted(t, ({ headers }, socket) => {
      cameras.add(socket)
      socket.write(`RTSP/1.0 200 OK\r\nCSeq: ${headers.get('cseq')}\r\n\r\n`)
    })
    const relay = await relayed(t, url)
    const { ask, seen } = await dial(t, relay)
    await ask('OPTIONS', relay.url)
    t.ok(asked[0]!.headers.get('user-agent')![0] === 'camgate' && asked[0]!.url === url)
    for (const camera of cameras) camera.end()
    await until('the client is disconnected', () => seen.ended)
    t.match(relay.error, { code: 'RTSP_CLOSED' })
    await t.rejects(Relay.open({ address: addressOf('rtsp://127.0.0.1:1/x', false)!, clock: systemClock }, new AbortController().signal), { code: 'ECONNREFUSED' })
    const ending = AbortSignal.abort()
    await t.rejects(Relay.open({ address: addressOf(url, false)!, clock: systemClock }, ending))
  })
})
