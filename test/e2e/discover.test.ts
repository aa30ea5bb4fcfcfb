import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { parseRegistry } from '../../src/config/parse.js'
import { packageRoot } from '../../src/package.js'
import { secret } from './credentials.js'
import { NetworkNamespace, noNamespaces } from './network-namespace.js'

const COUNT = 20
const main = join(packageRoot, 'dist/main.js')
const password = secret('of the cameras')

t.test('camgate discover', { skip: noNamespaces }, async t => {
  const network = new NetworkNamespace(t)
  const [program, ...words] = network.enter
  const small = ['--cameras', String(COUNT), '--width', '256', '--height', '64', '--fps', '1']
  const quirks = ['clock-off', 'other-interface', 'duplicate-answers'].flatMap(quirk => ['--onvif-quirk', quirk])
  const simulator = spawn(program, [...words, process.execPath, main, 'simulate', ...small, '--onvif', ...quirks, '--password', password], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(async () => {
    simulator.kill()
    await once(simulator, 'exit')
  })
  for await (const line of createInterface({ input: simulator.stdout })) if (line.startsWith(`Camera ${COUNT}:`)) break

  const discover = async (...args: string[]) => {
    const { stdout } = await promisify(execFile)(program, [...words, process.execPath, main, 'discover', ...args], { env: { ...process.env, CAMGATE_PASSWORD: password }, timeout: 60_000 })
    return stdout
  }
  const camerasIn = (text: string) => parseRegistry(text, { file: 'cameras.yaml', env: { CAM_PASSWORD: password }, readFile () { throw new Error('no file is named') } }).cameras

  t.test('finds all cameras of the network, and prints a file that camgate takes', async t => {
    const began = performance.now()
    const cameras = camerasIn(await discover('--user', 'admin'))
    t.comment(`${COUNT} cameras in ${((performance.now() - began) / 1_000).toFixed(1)} s`)
    t.same(cameras.map(({ id }) => id).sort(), Array.from({ length: COUNT }, (_, index) => `camera-${index + 1}`).sort())
    for (const { source, substream, onvif, credentials } of cameras) {
      t.match(source, { type: 'rtsp', url: /^rtsp:\/\/127\.0\.0\.1:/ })
      t.match(substream, { type: 'rtsp' })
      t.match(onvif, /^http:\/\/127\.0\.0\.1:\d+\/onvif\/device_service$/)
      t.equal(credentials?.username, 'admin')
    }
  })
  t.test('finds those that are named, without a login', async t => {
    const { cameras, yaml } = JSON.parse(await discover('127.0.0.1', '--json')) as { cameras: unknown[], yaml: string | null }
    t.equal(cameras.length, COUNT)
    t.equal(yaml, null)
  })
})
