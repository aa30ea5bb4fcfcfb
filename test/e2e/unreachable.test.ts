import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import t, { type Test } from 'tap'
import type { FailureCode } from '../../src/failure/failure.js'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { packageRoot } from '../../src/package.js'
import { NetworkNamespace, noNamespaces } from './network-namespace.js'
import { Service, type ServiceStatus } from './service.js'
import { until } from './until.js'

/** Why each camera is out of reach, and what it reports. */
const cameras: Record<string, { host: string, code: FailureCode, words: RegExp }> = {
  'no-route': { host: '10.99.1.2', code: 'unreachable', words: /cannot be reached/ },
  'nobody-there': { host: '10.99.2.2', code: 'unreachable', words: /cannot be reached/ },
  'swallows-packets': { host: '10.99.2.3', code: 'unreachable', words: /cannot be reached/ },
  'black-hole': { host: '10.99.3.2', code: 'unreachable', words: /cannot be reached/ },
  prohibited: { host: '10.99.4.2', code: 'unreachable', words: /cannot be reached/ },
  'no-name': { host: 'camera.test', code: 'dns', words: /host name camera\.test is unknown/ }
}
const ids = Object.keys(cameras)

t.test('a camera out of reach', { skip: noNamespaces, timeout: 100_000 }, async t => {
  const inside = new NetworkNamespace(t)
  inside.ip('link', 'add', 'out', 'type', 'veth', 'peer', 'name', 'nowhere') // both ends in here
  inside.ip('address', 'add', '10.99.2.1/24', 'dev', 'out')
  for (const end of ['out', 'nowhere']) inside.ip('link', 'set', end, 'up')
  inside.ip('neighbour', 'add', '10.99.2.3', 'lladdr', '02:00:00:00:00:01', 'dev', 'out')
  inside.ip('route', 'add', 'blackhole', '10.99.3.0/24')
  inside.ip('route', 'add', 'prohibit', '10.99.4.0/24')
  const port = await simulate(t, inside)
  const yaml = ['cameras:', ...ids.map(id => `  ${id}: { source: 'rtsp://${cameras[id]!.host}:${port}/1' }`)].join('\n')
  const service = await new Service(t, { config: `${t.testdir({ 'cameras.yaml': yaml })}/cameras.yaml`, prefix: inside.enter }).listening()
  const status = async () => JSON.parse(await inside.fetch(new URL('status', service.url))) as ServiceStatus
  const lines = (id: string, to: string) => service.log.filter(line => line.camera === id && line.to === to)

  t.test('reports that within 10 seconds, and blames the network', async t => {
    await until('each has failed', () => ids.every(id => lines(id, 'waiting').length > 0), 20_000)
    const { status: overall, cameras: said } = await status()
    t.equal(overall, 'down')
    for (const [id, { code, words }] of Object.entries(cameras)) {
      t.match(said[id]!.failure, { code, message: words }, id)
      const [begun, failed] = [lines(id, 'starting')[0]!, lines(id, 'waiting')[0]!]
      t.ok(failed['time'] as number - (begun['time'] as number) < 10_000, id)
      t.same([...new Set(lines(id, 'waiting').map(({ why }) => why))], [code], `${id}, whenever it is tried`)
    }
  })

  t.test('recovers by itself once it can be reached', async t => {
    for (const { host } of Object.values(cameras)) {
      if (host === 'camera.test') inside.addHost('127.0.0.1', host)
      else inside.ip('address', 'add', `${host}/32`, 'dev', 'lo')
    }
    await until('all run', () => ids.every(id => lines(id, 'running').length > 0), 45_000)
    const { status: overall, cameras: said } = await status()
    t.equal(overall, 'ok')
    for (const id of ids) t.match(said[id], { state: 'running', failure: null }, id)
  })
})

/** Starts camera 1 inside, at every address that will exist. Resolves with its port. */
async function simulate (t: Test, { enter }: NetworkNamespace): Promise<number> {
  const camera = { id: '1', name: 'Fault', width: 320, height: 176, fps: 10 }
  const script = `import { startSimulator } from '${pathToFileURL(join(packageRoot, 'dist/simulator/simulator.js')).href}'
    const simulator = await startSimulator({ ffmpegPath: process.argv[1], host: '0.0.0.0', cameras: [${JSON.stringify(camera)}] })
    console.log(new URL(simulator.url('1')).port)
    process.stdin.resume().on('close', () => process.exit())`
  const [program, ...words] = enter
  const child = spawn(program, [...words, process.execPath, '--input-type=module', '-e', script, findFfmpeg()!], { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, NODE_OPTIONS: '' } })
  t.teardown(async () => {
    child.stdin.end()
    await once(child, 'close')
  })
  const [line] = await once(createInterface(child.stdout), 'line')
  return Number(line)
}
