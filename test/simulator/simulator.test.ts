import { readdirSync } from 'node:fs'
import t from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { startSimulator, type Fault, type SimulatedCamera } from '../../src/simulator/simulator.js'
import { until } from '../e2e/until.js'
import { Client } from './client.js'
import { knock } from './knock.js'
import { small } from './small.js'

const cacheDir = t.testdir()
const ffmpegPath = findFfmpeg()!

type Tap = Pick<typeof t, 'teardown'>

async function start (t: Tap, ...cameras: Array<Partial<SimulatedCamera>>) {
  const simulator = await startSimulator({
    ffmpegPath, cacheDir, cameras: cameras.map((camera, index) => ({ id: String(index + 1), ...small, ...camera }))
  })
  t.teardown(() => simulator.close())
  return simulator
}

t.test('a simulator', async t => {
  t.test('gives each camera an address of its own', async t => {
    const simulator = await start(t, {}, { id: 'yard_2-b' })
    t.match(simulator.url('1'), /^rtsp:\/\/127\.0\.0\.1:\d+\/1$/)
    t.match(simulator.url('yard_2-b'), /\/yard_2-b$/)
    t.not(new URL(simulator.url('1')).port, new URL(simulator.url('yard_2-b')).port)
    t.throws(() => simulator.url('3'), { code: 'UNKNOWN_CAMERA', message: /1, yard_2-b/ })
  })
  t.test('shows all clients the same pictures, at the camera\'s pace, and only while a client plays', async t => {
    const simulator = await start(t, { fps: 40 })
    const seen: number[] = []
    const times: number[] = []
    const stopListening = simulator.onPicture('1', (number, at) => {
      seen.push(number)
      times.push(at)
    })
    const first = await Client.connect(simulator.url('1'))
    const second = await Client.connect(simulator.url('1'))
    const asked = performance.now()
    await first.play()
    await second.play()
    await until('both have had more than a loop', () => seen.length > 60 && second.packets.length > 60)
    t.same(seen.slice(0, 60), Array.from({ length: 60 }, (_, index) => index % 40))
    t.ok(times[0]! >= asked && times.at(-1)! <= performance.now())
    t.ok(Math.abs((times[60]! - times[0]!) / 60 - 25) < 5)
    t.match(simulator.stats('1'), { playing: 2, connections: 2, connectionsTotal: 2, playsTotal: 2, dropped: 0 })
    stopListening()
    first.close()
    second.close()
    await until('nobody is there', () => simulator.stats('1').connections === 0)
    const { pictures } = simulator.stats('1')
    await new Promise(resolve => { setImmediate(resolve) })
    t.match(simulator.stats('1'), { playing: 0, pictures })
  })
  t.test('drops pictures only for the client that does not read', async t => {
    const simulator = await start(t, { codec: 'mjpeg', width: 1920, height: 1080, fps: 30 })
    const slow = await Client.connect(simulator.url('1'))
    const quick = await Client.connect(simulator.url('1'))
    await slow.play()
    await quick.play()
    slow.socket.pause()
    await until('the slow one loses pictures', () => simulator.stats('1').dropped > 5, 60_000)
    const count = quick.packets.length
    await until('the quick one still gets pictures', () => quick.packets.length > count + 100)
    t.ok(quick.packets.every(({ sequence }, index, all) => index === 0 || ((sequence - all[index - 1]!.sequence) & 0xffff) === 1))
    t.equal(simulator.stats('1').playing, 2)
    slow.close()
    quick.close()
  })
  t.test('can be closed repeatedly, and leaves nothing', async t => {
    const simulator = await start(t, {}, { fault: { kind: 'away', up: 0.1, down: 0.1 } })
    const client = await Client.connect(simulator.url('1'))
    await client.play()
    const addresses = [simulator.url('1'), simulator.url('2')]
    await Promise.all([simulator.close(), simulator.close()])
    await simulator.setFault('2', null)
    for (const url of addresses) t.equal(await knock(url), 'ECONNREFUSED')
    t.match(simulator.stats('1'), { playing: 0, connections: 0 })
    await until('the client has noticed', () => client.closed)
  })
  t.test('speaks TLS only, if asked to, and closes too', async t => {
    const simulator = await start(t, { tls: true })
    t.match(simulator.url('1'), /^rtsps:/)
    const client = await Client.connect(simulator.url('1'))
    const { headers, body } = await client.ask('DESCRIBE')
    t.same(headers.get('content-base'), [`${simulator.url('1')}/`])
    t.match(body.toString(), 'c=IN IP4 127.0.0.1')
    await client.play()
    await until('pictures come', () => client.packets.length > 20)
    const plain = await Client.connect(simulator.url('1').replace('rtsps', 'rtsp'))
    plain.socket.write('OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n')
    await until('it hangs up', () => plain.closed)
    const silent = await Client.connect(simulator.url('1').replace('rtsps', 'rtsp'))
    await until('all are there', () => simulator.stats('1').connections === 2)
    await simulator.close()
    await until('both have noticed', () => client.closed && silent.closed)
  })
  t.test('starts all cameras or none', async t => {
    const simulator = await start(t, {})
    const port = Number(new URL(simulator.url('1')).port)
    const cameras = [{ id: '1', ...small }, { id: '2', ...small, port }]
    await t.rejects(startSimulator({ ffmpegPath, cacheDir, cameras }), { code: 'PORT_BUSY' })
    await t.rejects(startSimulator({ ffmpegPath, cacheDir, cameras, signal: AbortSignal.abort(new Error('cancelled')) }), { message: 'cancelled' })
    await t.rejects(start(t, { codec: 'mjpeg', width: 324 }), { code: 'BAD_SCENE', message: /steps of 8, received 324x240/ })
    await t.rejects(start(t, { width: 128 }), { code: 'BAD_SCENE' })
    await t.rejects(start(t, { codec: 'h265', quirks: ['interlaced'] }), { code: 'BAD_SCENE', message: /h265 cannot do interlaced/ })
    await t.rejects(start(t, { fps: 12.5, clipSeconds: 1 }), { code: 'BAD_SCENE' })
    t.same(readdirSync(cacheDir).filter(name => name.startsWith('making-')), [])
  })
  t.test('starts the others if a clip cannot be made and there is a listener for that', async t => {
    const failures: string[] = []
    const cameras = [{ id: '1', ...small }, { id: 'off', ...small, name: 'Made nowhere' }, { id: 'half', ...small, fault: { kind: 'codec', after: 7 } as const }]
    await start(t, {}) // its clip is in the cache now
    const simulator = await startSimulator({
      ffmpegPath: '/no/ffmpeg',
      cacheDir,
      cameras: cameras.map(camera => ({ ...camera, ...(camera.id === 'half' && { clipSeconds: 3 }) })),
      onClipFailed: (id, error) => { failures.push(`${id} ${error.code}`) }
    })
    t.teardown(() => simulator.close())
    t.same(failures.sort(), ['half CLIP_FAILED', 'off CLIP_FAILED'])
    t.equal(await knock(simulator.url('1')), 'connected')
    for (const id of ['off', 'half']) t.equal(await knock(simulator.url(id)), 'ECONNREFUSED', id)
    await t.rejects(startSimulator({ ffmpegPath: '/no/ffmpeg', cacheDir, cameras: [cameras[1]!] }), { code: 'CLIP_FAILED' })
  })
  t.test('can have no cameras', async () => {
    const simulator = await startSimulator({ ffmpegPath, cacheDir, cameras: [] })
    await simulator.close()
  })
})

/** How many seconds the clock in a sender report is ahead of ours. */
const ahead = (rtcp: Buffer) => rtcp.readUInt32BE(8) - 2_208_988_800 - Date.now() / 1_000

t.test('a fault', async t => {
  const playing = async (t: Tap, fault: Fault | null) => {
    const simulator = await start(t, {})
    const client = await Client.connect(simulator.url('1'))
    await client.play()
    await until('pictures come', () => client.packets.length > 5)
    await simulator.setFault('1', fault)
    return { simulator, client }
  }

  t.test('refuse ends connections and refuses new ones until it is removed', async t => {
    const { simulator, client } = await playing(t, { kind: 'refuse' })
    await until('it hangs up', () => client.closed)
    t.equal(await knock(simulator.url('1')), 'ECONNREFUSED')
    await simulator.setFault('1', null)
    t.equal(await knock(simulator.url('1')), 'connected')
  })
  t.test('refuse can be there from the start', async t => {
    const simulator = await start(t, { fault: { kind: 'refuse' } })
    t.equal(await knock(simulator.url('1')), 'ECONNREFUSED')
  })
  t.test('silent answers nothing, but keeps playing', async t => {
    const { simulator, client } = await playing(t, { kind: 'silent' })
    const newcomer = await Client.connect(simulator.url('1'))
    let answered = false
    void newcomer.ask('OPTIONS').then(() => { answered = true })
    const count = client.packets.length
    await until('the other one goes on', () => client.packets.length > count + 20)
    t.notOk(answered)
    t.notOk(newcomer.closed)
    newcomer.close()
  })
  t.test('of answers has its status', async t => {
    const simulator = await start(t, {})
    const client = await Client.connect(simulator.url('1'))
    const tcp = { Transport: 'RTP/AVP/TCP' }
    for (const [kind, describe, setup] of [['unauthorized', 401, 401], ['not-found', 404, 404], ['busy', 200, 453]] as const) {
      await simulator.setFault('1', { kind })
      t.equal((await client.ask('OPTIONS')).status, 200)
      t.equal((await client.ask('DESCRIBE')).status, describe, kind)
      t.equal((await client.ask('SETUP', tcp)).status, setup, kind)
    }
    client.close()
  })
  t.test('stall sends no more pictures, still answers, and ends when removed', async t => {
    const { simulator, client } = await playing(t, null)
    const pictures = () => simulator.stats('1').pictures
    await until('it has played for longer than the fault waits', () => pictures() > 15)
    const before = pictures()
    await simulator.setFault('1', { kind: 'stall', after: 0.5 })
    const set = performance.now()
    await until('time has passed', () => performance.now() > set + 1_000)
    t.ok(pictures() >= before + 5 && pictures() <= before + 12, `${pictures() - before} pictures in half a second`)
    t.equal((await client.ask('GET_PARAMETER')).status, 200)
    await simulator.setFault('1', null)
    const count = client.packets.length
    await until('pictures come again', () => client.packets.length > count + 5)
  })
  t.test('cut ends the connection within a packet, and the next one after the same time', async t => {
    const { simulator, client } = await playing(t, { kind: 'cut', after: 0 })
    let bytes = Buffer.alloc(0)
    client.socket.on('data', chunk => { bytes = Buffer.concat([bytes, chunk]) })
    await until('it hangs up', () => client.closed)
    const size = 4 + bytes.readUInt16BE(2)
    t.ok(bytes[0] === 0x24 && bytes.length > 0)
    let at = 0
    while (at + 4 <= bytes.length && at + 4 + bytes.readUInt16BE(at + 2) <= bytes.length) at += 4 + bytes.readUInt16BE(at + 2)
    t.ok(at < bytes.length, `the last of ${bytes.length} bytes begin a packet that is not whole (the first has ${size})`)
    await simulator.setFault('1', { kind: 'cut', after: 0.3 })
    const again = await Client.connect(simulator.url('1'))
    await again.play()
    await until('it hangs up again', () => again.closed)
    t.ok(again.packets.length > 4)
  })
  t.test('clock shows in the reports, as in the pictures', async t => {
    const { client } = await playing(t, { kind: 'clock', every: 0.7, by: 3_600 })
    await until('it has jumped', () => client.reports.some(({ rtcp }) => ahead(rtcp) > 3_000))
    t.ok(client.reports.every(({ rtcp, channel }) => channel === 1 && (Math.abs(ahead(rtcp)) < 60 || Math.abs(ahead(rtcp) - 3_600) < 60)))
  })
  t.test('codec ends the connection and offers only the other codec until it is removed', async t => {
    const { simulator, client } = await playing(t, { kind: 'codec', after: 0.2 })
    const offered = async () => {
      const client = await Client.connect(simulator.url('1'))
      t.teardown(() => client.close())
      return { client, sdp: (await client.ask('DESCRIBE')).body.toString() }
    }
    t.match((await offered()).sdp, 'H264/90000')
    await until('it hangs up', () => client.closed)
    const { client: newcomer, sdp } = await offered()
    t.match(sdp, 'JPEG/90000')
    await newcomer.play()
    await until('it plays on beyond the time of the change', () => new Set(newcomer.packets.map(({ timestamp }) => timestamp)).size > 8)
    t.ok(newcomer.packets.every(({ payload }) => payload[4] === 1), 'RTP payloads of JPEGs 4:2:0')
    await simulator.setFault('1', null)
    await until('it hangs up', () => newcomer.closed)
    t.match((await offered()).sdp, 'H264/90000')
  })
  t.test('resize needs a valid size', async t => {
    const simulator = await start(t, {})
    await t.rejects(simulator.setFault('1', { kind: 'resize', after: 1, width: 640, height: 361 }), { code: 'BAD_SCENE' })
  })
  t.test('away alternates, and sends pictures every time', async t => {
    const { simulator, client } = await playing(t, { kind: 'away', up: 0.2, down: 0.2 })
    await until('it goes', () => client.closed)
    t.equal(await knock(simulator.url('1')), 'ECONNREFUSED')
    await until('it comes', async () => await knock(simulator.url('1')) === 'connected')
    await until('it goes again', async () => await knock(simulator.url('1')) === 'ECONNREFUSED')
    await simulator.setFault('1', null)
    const again = await Client.connect(simulator.url('1'))
    await again.play()
    await until('pictures come', () => again.packets.length > 5)
    again.close()
  })
})
