import t from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { parseChallenges } from '../../src/http-auth/challenge.js'
import { authorization } from '../../src/http-auth/digest.js'
import { acceptOffer, type Quirk } from '../../src/faults/quirk.js'
import { startSimulator, type SimulatedCamera } from '../../src/simulator/simulator.js'
import { misspell } from '../../src/faults/spelling.js'
import { until } from '../e2e/until.js'
import { Client } from '../simulator/client.js'
import { small } from '../simulator/small.js'

type Tap = Pick<typeof t, 'teardown'>
const cacheDir = t.testdir()
const credentials = { username: 'gate', password: 'secret' }
const tcp = { Transport: 'RTP/AVP/TCP;unicast;interleaved=0-1' }

/** A client of a camera with these quirks. */
async function visit (t: Tap, quirks: Quirk[], camera: Partial<SimulatedCamera> = {}) {
  const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, cacheDir, cameras: [{ id: '1', ...small, ...camera, quirks }] })
  const client = await Client.connect(simulator.url('1'))
  t.teardown(async () => {
    client.close()
    await simulator.close()
  })
  const status = async (...request: Parameters<Client['ask']>) => (await client.ask(...request)).status
  const describe = async () => (await client.ask('DESCRIBE')).body.toString()
  return { simulator, client, status, describe, stats: () => simulator.stats('1') }
}

t.test('a camera that is wrong about sessions', async t => {
  t.test('keep-alive-refused', async t => {
    const { client, status, stats } = await visit(t, ['keep-alive-refused'])
    await client.play()
    t.same([await status('GET_PARAMETER'), await status('SET_PARAMETER'), await status('GET_PARAMETER')], [400, 454, 501])
    t.equal(await status('OPTIONS'), 200)
    t.match(stats(), { keepAlives: 4, playing: 1 })
  })
  t.test('keep-alive-refused does not keep a session alive', async t => {
    const { client, status, stats } = await visit(t, ['keep-alive-refused', 'short-session'])
    await client.play()
    await until('the session ends', async () => await status('GET_PARAMETER') > 0 && stats().playing === 0, 5_000)
  })
  t.test('keep-alive-wrong-cseq', async t => {
    const { client } = await visit(t, ['keep-alive-wrong-cseq'])
    await client.play()
    const answer = await client.ask('GET_PARAMETER')
    t.equal(answer.status, 400)
    t.same(answer.headers.get('cseq'), ['2'])
    t.same((await client.ask('OPTIONS')).headers.get('cseq'), ['4'])
  })
  t.test('short-session', async t => {
    const { client, status, stats } = await visit(t, ['short-session'])
    const setup = await client.ask('SETUP', tcp)
    t.match(setup.headers.get('session')?.[0], /;timeout=2$/)
    await client.ask('PLAY')
    const since = performance.now()
    while (performance.now() - since < 2_500) {
      t.equal(await status('OPTIONS'), 200)
      await new Promise(resolve => { setTimeout(resolve, 500) })
    }
    t.equal(stats().playing, 1, 'is kept alive')
    await until('the session ends', () => stats().playing === 0, 5_000)
    t.match(stats(), { connections: 1, teardowns: 0 })
    t.equal(await status('GET_PARAMETER'), 454)
  })
  t.test('session-strict', async t => {
    const { client, status } = await visit(t, ['session-strict'])
    await client.ask('SETUP', tcp)
    t.equal(await status('PLAY', { Session: `${client.session};timeout=60` }), 454)
    t.equal(await status('PLAY'), 200)
  })
})

t.test('a camera with its own choice of transports', async t => {
  t.test('other-channels', async t => {
    const { client } = await visit(t, ['other-channels'])
    t.match((await client.ask('SETUP', tcp)).headers.get('transport')?.[0], 'interleaved=4-5')
    await client.ask('PLAY')
    await until('pictures come', () => client.packets.length > 5)
    t.ok(client.packets.every(({ channel }) => channel === 4))
  })
  t.test('no-tcp and no-udp', async t => {
    const [udp, tcp] = [{ kind: 'udp', clientPorts: [2, 3] }, { kind: 'tcp', channels: [0, 1] }] as const
    t.equal(acceptOffer([tcp, udp], new Set(['no-tcp'])), udp)
    t.equal(acceptOffer([udp, tcp], new Set(['no-udp'])), tcp)
    const { status } = await visit(t, ['no-tcp'])
    t.equal(await status('SETUP', { Transport: 'RTP/AVP/TCP' }), 461)
    t.equal(await status('SETUP', { Transport: 'RTP/AVP;unicast;client_port=9-10' }), 200)
  })
})

t.test('a camera that describes itself badly', async t => {
  t.test('no-content-base', async t => {
    const { client } = await visit(t, ['no-content-base'])
    t.notOk((await client.ask('DESCRIBE')).headers.has('content-base'))
  })
  t.test('wrong-content-base', async t => {
    const { client, status } = await visit(t, ['wrong-content-base'])
    const base = (await client.ask('DESCRIBE')).headers.get('content-base')![0]!
    t.equal(base, 'rtsp://127.0.0.2:9/1/')
    t.equal(await status('SETUP', tcp, `${base}track1`), 404)
    t.equal(await status('SETUP', tcp, `${client.url}/track1`), 200)
  })
  t.test('absolute-control', async t => {
    const { client, describe } = await visit(t, ['absolute-control'])
    t.match(await describe(), `a=control:${client.url}/track1\r\n`)
  })
  for (const [quirk, control] of [['star-control', /a=framerate:20\r\na=control:\*\r\n$/], ['no-control', /a=framerate:20\r\n$/]] as const) {
    t.test(quirk, async t => {
      const { client, status, describe } = await visit(t, [quirk])
      t.match(await describe(), control)
      t.equal(await status('SETUP', tcp, `${client.url}/track1`), 404)
      t.equal(await status('SETUP', tcp, `${client.url}/`), 200)
    })
  }
  t.test('two-videos', async t => {
    const { client, status, describe } = await visit(t, ['two-videos'])
    t.match(await describe(), /m=video 0 RTP\/AVP 97\r\n.*MP4V-ES.*a=control:track0\r\nm=video 0 RTP\/AVP 96\r\n.*a=control:track1\r\n$/s)
    t.equal(await status('SETUP', tcp, `${client.url}/track0`), 200)
    t.equal(await status('PLAY'), 455, 'the other one has no pictures')
    await client.play(2)
    await until('pictures come', () => client.packets.length > 5)
  })
  t.test('empty-sprop', async t => {
    const h264 = await visit(t, ['empty-sprop'])
    t.match(await h264.describe(), /profile-level-id=4d....;sprop-parameter-sets=\r\n/)
    const h265 = await visit(t, ['empty-sprop'], { codec: 'h265' })
    t.match(await h265.describe(), /sprop-vps=;sprop-sps=;sprop-pps=\r\n/)
  })
  t.test('redirect', async t => {
    const { simulator, client, status } = await visit(t, ['redirect'])
    const right = simulator.url('1').replace('/old', '')
    t.not(right, simulator.url('1'))
    const answer = await client.ask('DESCRIBE')
    t.equal(answer.status, 302)
    t.same(answer.headers.get('location'), [right])
    t.equal(await status('SETUP', tcp), 404)
    t.equal(await status('DESCRIBE', {}, right), 200)
  })
})

t.test('a camera that misspells messages', async t => {
  const message = Buffer.from('RTSP/1.0 200 OK\r\nCSeq: 1\r\nSession: 2\r\nContent-Base: rtsp://x/Y/\r\n\r\nv=0\r\n\r\n')
  t.equal(misspell(message, new Set(['bare-lf'])).toString(), 'RTSP/1.0 200 OK\nCSeq: 1\nSession: 2\nContent-Base: rtsp://x/Y/\n\nv=0\r\n\r\n')
  t.match(misspell(message, new Set(['header-case'])).toString(), '200 OK\r\ncseq: 1\r\nSESSION: 2\r\ncontent-BASE: rtsp://x/Y/\r\n\r\nv=0')
  t.match(misspell(message, new Set(['no-cseq'])).toString(), '200 OK\r\nSession: 2\r\n')
  t.same(misspell(message, new Set()), message)
  const { client, describe } = await visit(t, ['bare-lf', 'header-case', 'no-cseq'])
  let raw = ''
  client.socket.prependListener('data', chunk => { raw += chunk })
  t.match(await describe(), /^v=0\n.*a=control:track1\n$/s, 'its body has the announced length')
  t.match(raw, /\ncontent-LENGTH: \d+\n\n/)
  t.notMatch(raw, /\r|cseq/i)
})

t.test('a camera with unusual Digest', async t => {
  const lock = { auth: 'digest', ...credentials } as const
  const proof = (client: Client, header: string[] | readonly string[] = [], password = credentials.password) => {
    const [challenge] = parseChallenges(header)
    return { challenge, Authorization: authorization(challenge!, { ...credentials, password }, { method: 'DESCRIBE', url: client.url }) }
  }
  t.test('sha-256, no-qop', async t => {
    const { client, status } = await visit(t, ['sha-256', 'no-qop'], lock)
    const { challenge, Authorization } = proof(client, (await client.ask('DESCRIBE')).headers.get('www-authenticate'))
    t.match(challenge, { algorithm: 'SHA-256', qop: false })
    t.equal(await status('DESCRIBE', { Authorization }), 200)
  })
  t.test('stale-nonce', async t => {
    const { client, status, stats } = await visit(t, ['stale-nonce'], lock)
    const asked = (await client.ask('DESCRIBE')).headers.get('www-authenticate')
    const { Authorization } = proof(client, asked)
    t.equal(await status('DESCRIBE', { Authorization }), 200)
    await until('it is stale', async () => await status('DESCRIBE', { Authorization }) === 401)
    const again = (await client.ask('DESCRIBE', { Authorization })).headers.get('www-authenticate')
    t.match(again?.[0], /stale=true/)
    t.equal(stats().rejections, 0)
    t.equal(await status('DESCRIBE', { Authorization: proof(client, again).Authorization }), 200)
    t.equal(await status('DESCRIBE', { Authorization: proof(client, again, 'wrong').Authorization }), 401)
    t.equal(stats().rejections, 1)
  })
})

t.test('rtp-before-play-reply', async t => {
  const { client } = await visit(t, ['rtp-before-play-reply'])
  await client.ask('SETUP', tcp)
  let raw = ''
  client.socket.prependListener('data', chunk => { raw += chunk.toString('latin1') })
  t.equal((await client.ask('PLAY')).status, 200)
  t.equal(raw[0], '$')
})
