import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import fc from 'fast-check'
import t from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { parseChallenges } from '../../src/http-auth/challenge.js'
import { authorization } from '../../src/http-auth/digest.js'
import { startSimulator } from '../../src/simulator/simulator.js'
import { until } from '../e2e/until.js'
import { Client, readRtp, receiverReport } from './client.js'
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

  t.test('answers OPTIONS and DESCRIBE', async t => {
    const client = await visit('1')
    const options = await client.ask('OPTIONS')
    t.equal(options.status, 200)
    t.same(options.headers.get('cseq'), ['1'])
    t.match(options.headers.get('public')?.[0], /DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER/)
    const description = await client.ask('DESCRIBE')
    t.same(description.headers.get('content-base'), [`${simulator.url('1')}/`])
    t.match(description.body.toString(), /a=rtpmap:96 H264\/90000\r\n.*sprop-parameter-sets=.*a=control:track1/s)
  })
  t.test('plays between the messages, answers meanwhile, and stops on TEARDOWN', async t => {
    const client = await visit('1')
    const setup = await client.ask('SETUP', { Transport: 'RTP/AVP/TCP;unicast;interleaved=4-5' }, `${client.url}/track1`)
    t.match(setup.headers.get('transport')?.[0], /^RTP\/AVP\/TCP;unicast;interleaved=4-5;ssrc=[0-9A-F]{8}$/)
    t.equal((await client.ask('PLAY')).status, 200)
    await until('pictures come', () => client.packets.length > 20)
    t.ok(client.packets.every(({ channel }) => channel === 4))
    t.same(client.reports.map(({ channel }) => channel), [5], 'and reports, the first one at once')
    client.reportBack(5)
    t.equal((await client.ask('GET_PARAMETER')).status, 200)
    const before = simulator.stats('1')
    t.match(before, { playing: 1, keepAlives: 1, receiverReports: 1 })
    t.equal((await client.ask('TEARDOWN')).status, 200)
    const count = client.packets.length
    t.match(simulator.stats('1'), { playing: 0, teardowns: before.teardowns + 1 })
    t.equal((await client.ask('PLAY')).status, 455)
    t.equal(client.packets.length, count)
    t.equal((await client.ask('OPTIONS')).status, 200)
  })
  t.test('plays over UDP, whichever transport was offered first', async t => {
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
    const { receiverReports } = simulator.stats('1')
    rtp.send(receiverReport, Number(/server_port=\d+-(\d+)/.exec(setup.headers.get('transport')![0]!)![1]), '127.0.0.1')
    await until('a report has come', () => simulator.stats('1').receiverReports === receiverReports + 1)
    t.ok(sequences.every((sequence, index) => index === 0 || ((sequence - sequences[index - 1]!) & 0xffff) === 1))
    client.close()
    await until('the session ends with its connection', () => simulator.stats('1').playing === 0)
    rtp.close()
  })
  t.test('refuses invalid requests', async t => {
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
  t.test('is ended if the client reads no responses', async () => {
    const { connections } = simulator.stats('1')
    const client = await visit('1')
    client.socket.pause()
    client.socket.write('DESCRIBE rtsp://x/1 RTSP/1.0\r\nCSeq: 1\r\n\r\n'.repeat(40_000))
    await until('it hangs up', () => simulator.stats('1').connections === connections)
    client.close()
  })

  t.test('survives any bytes, split anywhere', async t => {
    const method = fc.constantFrom('OPTIONS', 'DESCRIBE', 'SETUP', 'PLAY', 'TEARDOWN', 'GET_PARAMETER', 'PAUSE', 'x')
    const text = fc.string({ maxLength: 40 })
    const header = fc.oneof(
      fc.constantFrom('Session: 1', 'Authorization: Digest username="', 'Content-Length: 9', 'Content-Length: 99999999', 'Require: x', ': ', ' folded'),
      fc.constantFrom('TCP', 'TCP;interleaved=255-256', 'TCP;interleaved=7', 'UDP;client_port=0-0', 'UDP;client_port=9-10', 'UDP;client_port=65535').map(way => `Transport: RTP/AVP/${way}`),
      fc.tuple(text, text).map(([name, value]) => `${name}: ${value}`)
    )
    const request = fc.tuple(method, fc.constantFrom('rtsp://x/1', 'rtsp://x/1/track1', '*', 'rtsp://x/%'), fc.array(header, { maxLength: 5 }))
      .map(([method, url, headers]) => [`${method} ${url} RTSP/1.0`, 'CSeq: 1', ...headers, '', ''].join('\r\n'))
    const piece = fc.oneof(
      { weight: 6, arbitrary: request.map(text => Buffer.from(text)) },
      { weight: 2, arbitrary: fc.uint8Array({ maxLength: 200 }).map(bytes => Buffer.from(bytes)) },
      { weight: 1, arbitrary: fc.nat(65_535).map(length => Buffer.from([0x24, 0, length >> 8, length & 0xff])) },
      { weight: 1, arbitrary: fc.constant(Buffer.alloc(20_000, 'X-Giant: x')) }
    )
    const first = fc.constantFrom(null, tcp.Transport, 'RTP/AVP;client_port=0-1', 'RTP/AVP;client_port=65535', 'RTP/AVP;client_port=9')
    await fc.assert(fc.asyncProperty(first, fc.array(piece, { maxLength: 12 }), fc.array(fc.nat(4_000), { maxLength: 5 }), async (first, pieces, cuts) => {
      const client = await visit('1')
      if (first && (await client.ask('SETUP', { Transport: first })).status === 200) await client.ask('PLAY')
      const bytes = Buffer.concat(pieces)
      const places = [0, ...cuts.filter(cut => cut < bytes.length).sort((a, b) => a - b), bytes.length]
      client.socket.resume()
      for (const [i, place] of places.slice(1).entries()) {
        if (!client.socket.destroyed) client.socket.write(bytes.subarray(places[i], place))
        await new Promise(resolve => setImmediate(resolve))
      }
      client.socket.end()
      await until('it hangs up', () => client.closed)
    }), { numRuns: 150 })
    const { status } = await (await visit('1')).ask('OPTIONS')
    t.equal(status, 200, 'and still serves')
  })
  t.test('reads a message without an end only up to the limit', async t => {
    for (const flood of ['X', 'A: b\r\n', 'X-Giant: '.repeat(100)]) {
      const client = await visit('1')
      const before = process.memoryUsage().arrayBuffers
      client.socket.write('OPTIONS * RTSP/1.0\r\n')
      const chunk = Buffer.from(flood.repeat(Math.ceil(65_536 / flood.length)))
      let sent = 0
      while (!client.socket.destroyed && sent < 64 * 2 ** 20) {
        sent += chunk.length
        await new Promise(resolve => client.socket.write(chunk, resolve))
      }
      t.ok(client.socket.destroyed, `it hangs up within ${sent} bytes`)
      t.ok(process.memoryUsage().arrayBuffers - before < 2 ** 23)
    }
  })
  t.test('refuses port 0', async t => {
    const client = await visit('1')
    t.equal((await client.ask('SETUP', { Transport: 'RTP/AVP;unicast;client_port=0-1' })).status, 461)
  })

  for (const auth of ['basic', 'digest'] as const) {
    t.test(`accepts the right password only: ${auth}`, async t => {
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
      t.equal((await client.ask('SETUP', tcp)).status, 401, 'every request needs it')
      t.equal((await client.ask('SETUP', { ...tcp, ...proof('SETUP', credentials.password) }, client.url)).status, 200)
    })
  }
})
