import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import t from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { parseChallenges } from '../../src/rtsp/challenge.js'
import { authorization } from '../../src/rtsp/digest.js'
import { startSimulator } from '../../src/simulator/simulator.js'
import { until } from '../e2e/until.js'
import { Client, readRtp } from './client.js'
import { small } from './small.js'

const tcp = { Transport: 'RTP/AVP/TCP;unicast;interleaved=0-1' }
const credentials = { username: 'gärtner', password: ':"\\@ ' }

t.test('a connection to a camera', async t => {
  const simulator = await startSimulator({
    ffmpegPath: findFfmpeg()!,
    cacheDir: t.testdir(),
    cameras: [
      { id: '1', ...small },
      { id: 'basic', ...small, auth: 'basic', ...credentials },
      { id: 'digest', ...small, auth: 'digest', ...credentials }
    ]
  })
  const clients: Client[] = []
  const visit = async (id: string) => {
    const client = await Client.connect(simulator.url(id))
    clients.push(client)
    return client
  }
  t.teardown(async () => {
    for (const client of clients) client.close()
    await simulator.close()
  })

  t.test('tells what it can and what it shows', async t => {
    const client = await visit('1')
    const options = await client.ask('OPTIONS')
    t.equal(options.status, 200)
    t.same(options.headers.get('cseq'), ['1'])
    t.match(options.headers.get('public')?.[0], /DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER/)
    const description = await client.ask('DESCRIBE')
    t.same(description.headers.get('content-base'), [`${simulator.url('1')}/`])
    t.match(description.body.toString(), /a=rtpmap:96 H264\/90000\r\n.*sprop-parameter-sets=.*a=control:track1/s)
  })
  t.test('plays between the messages, answers all the while, and stops when told', async t => {
    const client = await visit('1')
    const setup = await client.ask('SETUP', { Transport: 'RTP/AVP/TCP;unicast;interleaved=4-5' }, `${client.url}/track1`)
    t.match(setup.headers.get('transport')?.[0], /^RTP\/AVP\/TCP;unicast;interleaved=4-5;ssrc=[0-9A-F]{8}$/)
    t.equal((await client.ask('PLAY')).status, 200)
    await until('pictures come', () => client.packets.length > 20)
    t.ok(client.packets.every(({ channel }) => channel === 4))
    t.equal((await client.ask('GET_PARAMETER')).status, 200)
    const before = simulator.stats('1')
    t.equal(before.playing, 1)
    t.equal((await client.ask('TEARDOWN')).status, 200)
    const count = client.packets.length
    t.match(simulator.stats('1'), { playing: 0, teardowns: before.teardowns + 1 })
    t.equal((await client.ask('PLAY')).status, 455)
    t.equal(client.packets.length, count)
    t.equal((await client.ask('OPTIONS')).status, 200)
  })
  t.test('plays over UDP, whichever way was offered first', async t => {
    const client = await visit('1')
    const rtp = createSocket('udp4').bind(0, '127.0.0.1')
    await once(rtp, 'listening')
    const port = rtp.address().port
    const setup = await client.ask('SETUP', { Transport: `RTP/AVP;multicast, RTP/AVP;unicast;client_port=${port}-${port + 1}, RTP/AVP/TCP` }, `${client.url}/track1`)
    t.match(setup.headers.get('transport')?.[0], new RegExp(`^RTP/AVP;unicast;client_port=${port}-${port + 1};server_port=\\d+-\\d+;`))
    const sequences: number[] = []
    rtp.on('message', message => { sequences.push(readRtp(0, message).sequence) })
    await client.ask('PLAY')
    await until('pictures come', () => sequences.length > 20)
    t.ok(sequences.every((sequence, index) => index === 0 || ((sequence - sequences[index - 1]!) & 0xffff) === 1))
    client.close()
    await until('the session ends with its connection', () => simulator.stats('1').playing === 0)
    rtp.close()
  })
  t.test('refuses what makes no sense', async t => {
    const client = await visit('1')
    const status = async (...request: Parameters<Client['ask']>) => (await client.ask(...request)).status
    t.equal(await status('PLAY'), 455)
    t.equal(await status('RECORD'), 501)
    t.equal(await status('DESCRIBE', {}, `${client.url}0`), 404)
    t.equal(await status('SETUP', { Transport: 'RTP/AVP;multicast' }), 461)
    t.equal(await status('SETUP', tcp, `${client.url}/track2`), 404)
    t.equal(await status('SETUP', tcp, `${client.url}/track1`), 200)
    t.equal(await status('PLAY', { Session: 'another' }), 454)
    t.equal(await status('DESCRIBE', {}, `${client.url}/?channel=1`), 200)
    client.socket.write('OPTIONS * RTSP/1.0\r\n\r\n')
    client.socket.write('not RTSP\r\n\r\n')
    await until('it hangs up', () => client.closed)
  })
  t.test('that reads no answers is ended', async () => {
    const { connections } = simulator.stats('1')
    const client = await visit('1')
    client.socket.pause()
    client.socket.write('DESCRIBE rtsp://x/1 RTSP/1.0\r\nCSeq: 1\r\n\r\n'.repeat(40_000))
    await until('it hangs up', () => simulator.stats('1').connections === connections)
    client.close()
  })

  for (const auth of ['basic', 'digest'] as const) {
    t.test(`lets in who knows the password: ${auth}`, async t => {
      const client = await visit(auth)
      t.equal((await client.ask('OPTIONS')).status, 200)
      const refused = await client.ask('DESCRIBE')
      t.equal(refused.status, 401)
      const [challenge] = parseChallenges(refused.headers.get('www-authenticate') ?? [])
      t.equal(challenge?.scheme, auth)
      const proof = (method: string, password: string) => ({
        Authorization: authorization(challenge!, { ...credentials, password }, { method, url: client.url })
      })
      t.equal(simulator.stats(auth).rejections, 0)
      t.equal((await client.ask('DESCRIBE', proof('DESCRIBE', 'wrong'))).status, 401)
      t.equal(simulator.stats(auth).rejections, 1)
      t.equal((await client.ask('DESCRIBE', proof('DESCRIBE', credentials.password))).status, 200)
      t.equal((await client.ask('SETUP', tcp)).status, 401, 'every request has to prove it')
      t.equal((await client.ask('SETUP', { ...tcp, ...proof('SETUP', credentials.password) }, client.url)).status, 200)
    })
  }
})
