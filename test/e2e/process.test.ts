import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { secret } from './credentials.js'
import { childrenOf, isAlive, processes } from './processes.js'
import { Service, startService, type ServiceStatus } from './service.js'
import { until } from './until.js'

const username = secret('admin')
const password = secret('p@ss w/ö\'rd"%41')
const yaml = `
cameras:
  1: { name: Entrance, source: { type: simulated }, decode: always }
  2: { name: Yard, source: { type: simulated, codec: mjpeg, auth: digest }, username: ${username}, password: ${JSON.stringify(password)} }
  3: { name: Off, source: { type: simulated }, enabled: false }
`
const folder = t.testdir({
  'thrower.mjs': 'process.on("SIGUSR2", () => { throw new Error("boom") })',
  'cameras.yaml': yaml
})
const config = join(folder, 'cameras.yaml')
const shown = ({ cameras }: ServiceStatus) => cameras[1]!.framesTotal > 0 && cameras[2]!.framesTotal > 0

t.test('the process', async t => {
  t.test('serves, and leaves nothing behind when it ends', async t => {
    for (const signals of [['SIGTERM'], ['SIGINT', 'SIGINT', 'SIGTERM']] as NodeJS.Signals[][]) {
      const service = await startService(t, { config })
      await service.until(shown, 'both cameras are shown')
      const children = childrenOf(service.pid)
      t.equal(children.filter(({ command }) => command.includes('ffmpeg')).length, 1, 'of the camera that sends no JPEGs')
      const viewer = await fetch(new URL('camera/1', service.url))
      const read = viewer.arrayBuffer()
      for (const signal of signals) process.kill(service.pid, signal)
      const end = await service.end(signals[0])
      t.match(end, { code: 0, signal: null }, signals.join())
      t.ok(end.ms < 3_000, `${end.ms} ms`)
      const [lastPart = ''] = Buffer.from(await read).toString('latin1').split('--camgate-frame\r\n').slice(-2)
      t.match(lastPart, /^Content-Type: image\/jpeg\r\n[^]*\r\nX-Camera-State: \w+\r\n\r\n\xff\xd8/, 'its viewer\'s response is complete, and does not end with a picture that looks live')
      t.same(children.filter(({ pid }) => isAlive(pid)), [])
      t.equal(service.stderr, '')
    }
  })

  t.test('ends cleanly while it is starting too', async t => {
    for (const seen of ['nothing', 'a first child', 'its address']) {
      const making = { XDG_CACHE_HOME: join(folder, 'cache') } // it has to encode its clips first
      const service = new Service(t, { config, env: seen === 'its address' ? {} : making })
      const children = new Set<number>()
      await until(`it has shown ${seen}`, () => {
        for (const { pid } of childrenOf(service.pid)) children.add(pid)
        return seen === 'nothing' ? isAlive(service.pid) : seen === 'a first child' ? children.size > 0 : service.log.some(({ msg }) => msg.includes('open http'))
      }, 60_000)
      const end = await service.end()
      t.ok(end.ms < 3_000, `${end.ms} ms`)
      if (seen === 'nothing') t.ok(end.code === 0 || end.signal === 'SIGTERM', 'the system ends it before it handles signals')
      else t.match(end, { code: 0, signal: null }, seen)
      t.same([...children].filter(isAlive), [])
      t.same(processes().filter(({ command }) => command.includes(folder)), [], 'and no unfinished file')
    }
  })

  t.test('logs each change of a camera as a line of JSON, and no password anywhere', async t => {
    const service = await startService(t, { config, env: { LOG_LEVEL: 'trace' } })
    await service.until(shown, 'both cameras are shown')
    t.match(service.log.filter(({ camera }) => camera === '2'), [{ camera: '2', from: 'stopped', to: 'starting' }, { camera: '2', from: 'starting', to: 'running' }])
    const commands = childrenOf(service.pid).map(({ command }) => command).join('\n')
    t.match(commands, /ffmpeg/)
    await service.end()
    const said = JSON.stringify(service.log) + service.stderr + commands
    for (const secret of [password, encodeURIComponent(password), Buffer.from(`${username}:${password}`).toString('base64'), 'p@', 'p%40', username]) {
      t.notOk(said.includes(secret), secret)
    }
  })

  t.test('reports in one line that its port is taken', async t => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const service = new Service(t, { config, args: ['--port', String(port)] })
    t.match(await service.gone, { code: 69 })
    t.match(service.stderr, new RegExp(`^Port ${port} on 127\\.0\\.0\\.1 is taken.*\\n$`))
    other.close()
  })

  t.test('does not warn when only this machine can reach it', async t => {
    const service = await startService(t, { config, args: ['--host', '::1'] })
    t.notOk(service.log.some(({ level }) => level >= 40))
    t.match(service.url, /^http:\/\/\[::1\]:\d+\/$/)
  })

  t.test('logs an unexpected error, closes everything and exits with 70', async t => {
    const service = await startService(t, { config, env: { NODE_OPTIONS: `--import=${pathToFileURL(join(folder, 'thrower.mjs'))}` } })
    await service.until(shown, 'both cameras are shown')
    const children = childrenOf(service.pid)
    const end = await service.end('SIGUSR2')
    t.match(end, { code: 70 })
    t.match(service.log.filter(({ level }) => level === 60), [{ err: { message: 'boom' } }])
    t.same(children.filter(({ pid }) => isAlive(pid)), [])
  })
})
