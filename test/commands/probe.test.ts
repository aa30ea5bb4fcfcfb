import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { dispatch } from '../../src/commands/dispatch.js'
import { startSimulator } from '../../src/simulator/simulator.js'
import { secret } from '../e2e/credentials.js'
import { small } from '../simulator/small.js'
import { version } from '../../src/package.js'
import { cameraStatus } from '../status.js'
import { freePort } from '../e2e/free-port.js'
import { captured } from './streams.js'

const password = secret('by hand')
const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, cameras: [{ ...small, id: 'locked', auth: 'digest', username: 'admin', password }] })
t.teardown(() => simulator.close())

t.test('camgate probe', async t => {
  t.test('logs in with a password from the standard input, writes a picture and prints YAML', async t => {
    const io = captured({ input: `${password}\n` })
    const file = join(t.testdir(), 'now.jpg')
    t.same(await dispatch(['probe', simulator.url('locked'), '--user', 'admin', '--picture', file], io), { code: 0 })
    t.match(io.printed(), /: good\n.*login +accepted \(Digest\).*320x240.*now\.jpg.*\ncameras:\n.*username: "admin"/s)
    t.notMatch(io.printed() + io.complained(), password)
    t.same([...readFileSync(file).subarray(0, 2)], [0xff, 0xd8])
  })
  t.test('prints JSON, and has an exit code for each kind of failure', async t => {
    const io = captured({ json: true, env: { CAMGATE_PASSWORD: secret('wrong') } })
    t.same(await dispatch(['probe', simulator.url('locked'), '--user', 'admin', '--json'], io), { code: 77 })
    t.match(JSON.parse(io.printed()), { failure: { code: 'auth' }, login: 'refused', yaml: null })
  })
  t.test('looks at a camera of the configuration with its own password, if no camgate runs', async t => {
    const io = captured({ env: { PORT: String(await freePort()) } })
    const file = join(t.testdir({ 'cameras.yaml': `cameras:\n  gate: { source: "${simulator.url('locked')}", username: admin, password: "${password}" }\n` }), 'cameras.yaml')
    t.same(await dispatch(['probe', 'gate', '--config', file], io), { code: 0 })
    t.match(io.printed(), /: good\n.*accepted \(Digest\).*\n {2}gate:\n/s)
  })
  t.test('asks a camgate that runs about a camera of its configuration, and does not contact that', async t => {
    const asked: Array<string | undefined> = []
    const server = createServer(({ url }, response) => {
      asked.push(url)
      response.end(JSON.stringify({ version, cameras: { gate: cameraStatus } }))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.teardown(() => server.close())
    const io = captured({ env: { PORT: String((server.address() as AddressInfo).port) } })
    const file = join(t.testdir({ 'cameras.yaml': `cameras:\n  gate: { source: "${simulator.url('locked')}" }\n` }), 'cameras.yaml')
    const before = simulator.stats('locked').connectionsTotal
    t.same(await dispatch(['probe', 'gate', '--config', file], io), { code: 0 })
    t.match(io.printed(), /camera gate: camgate reads this camera/)
    t.same(asked, ['/health/live', '/status'])
    t.equal(simulator.stats('locked').connectionsTotal, before)
  })
  for (const args of [[], ['rtsp://192.0.2.1/', 'rtsp://192.0.2.2/'], ['ftp://192.0.2.1/']]) {
    t.test(`contacts nothing for ${args.join(' ') || 'nothing'}`, async t => {
      const io = captured()
      t.match(await dispatch(['probe', ...args], io), { code: 64, failed: true })
      t.match(io.complained(), /camgate probe URL\|HOST\|ID/)
    })
  }
})
