import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { packageRoot } from '../../src/package.js'
import { secret } from './credentials.js'
import { childrenOf, isAlive, processes } from './processes.js'
import { Recording } from './recording.js'
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
  'cameras.yaml': yaml,
  'doubtful.yaml': `cameras:\n  1:\n    source: { type: pattern }\n    username: ${username}\n    password: ${secret('5e5c')} #rd\n    enabled: false\n`,
  'bad.yaml': `cameras:\n  1: { source: rtsp://127.0.0.1/, pasword: ${secret('5e5c')} }\n  2: { fps: 0 }\n`
})
const config = join(folder, 'cameras.yaml')
const shown = ({ cameras }: ServiceStatus) => cameras[1]!.framesTotal > 0 && cameras[2]!.framesTotal > 0

const recording = new Recording()
/** Runs one command to its end. */
async function camgate (...args: string[]) {
  const child = spawn(process.execPath, [join(packageRoot, 'dist/main.js'), ...args], { stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000, env: { ...process.env, NODE_OPTIONS: '' } })
  const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  recording.keep('stdout', stdout)
  recording.keep('stderr', stderr)
  return { status: status as number, stdout, stderr }
}

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
      t.ok((await read).byteLength > 0, 'its viewer\'s response is complete')
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

t.test('the command', { jobs: 3 }, async t => {
  t.test('refuses an invalid file with every mistake and its position, and no stack trace', { buffered: true }, async t => {
    for (const args of [['serve', '--config', join(folder, 'bad.yaml')], ['check', join(folder, 'bad.yaml')]]) {
      const { status, stdout, stderr } = await camgate(...args)
      t.equal(status, 78)
      t.equal(stdout, '')
      t.match(stderr, /bad\.yaml:2:\d+: .*pasword.*did you mean .*password/)
      t.match(stderr, /bad\.yaml:3:\d+: .*/)
      t.notMatch(stderr, /^\s+at /m)
      t.notMatch(stderr, /5e5c/)
    }
    for (const args of [['check', join(folder, 'none.yaml')], ['--config', join(folder, 'none.yaml')]]) {
      const { status, stderr } = await camgate(...args)
      t.equal(status, 78)
      t.equal(stderr, `There is no file ${join(folder, 'none.yaml')}. Write one, or name another with --config or CAMGATE_CONFIG.\n`)
    }
    t.match(await camgate('check', folder), { status: 78, stderr: /is a folder, not a file\. Docker makes one/ })
  })
  t.test('warns of probable mistakes, and continues', { buffered: true }, async t => {
    const doubtful = join(folder, 'doubtful.yaml')
    t.match(await camgate('check', doubtful), { status: 0, stderr: '', stdout: `${doubtful} has a warning:\n  ${doubtful}:5:15: password: a # after a space begins a comment` })
    const service = await startService(t, { config: doubtful })
    t.match(service.log.filter(({ level }) => level === 40), [{ msg: `${doubtful}:5:15: password: a # after` }])
    await service.end()
    t.notMatch(JSON.stringify(service.log), /5e5c/)
  })
  t.test('serves with only options or a file', { buffered: true }, async t => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const port = String((other.address() as AddressInfo).port)
    const file = join(folder, 'doubtful.yaml')
    for (const args of [['serve', file, '--port', port], [file, '--port', port], ['--port', port, '-c', file], ['--config', file, '--port', port], ['-c', file, '--port', port]]) {
      t.match(await camgate(...args), { status: 69, stderr: `Port ${port} on 127.0.0.1 is taken` }, args.join(' '))
    }
    for (const args of [['serve', file, file], ['serve', file, '-c', file]]) t.match(await camgate(...args), { status: 64, stderr: /^serve takes one file/ })
    other.close()
  })
  t.test('exits with a code and no stack trace if nobody reads its output', { buffered: true }, async t => {
    const into = (redirection: string, ...args: string[]) => {
      const run = spawnSync('/bin/sh', ['-c', `{ "$@" ${redirection}; echo $? >&3; } | true`, 'sh', process.execPath, join(packageRoot, 'dist/main.js'), ...args], {
        encoding: 'utf8', timeout: 60_000, stdio: ['ignore', 'pipe', 'pipe', 'pipe'], env: { ...process.env, NODE_OPTIONS: '' }
      })
      return { status: Number(run.output[3]), stderr: run.stderr }
    }
    for (const args of [['check', config], ['--help'], ['version'], ['simulate', '--help'], ['devices']]) {
      t.same(into('', ...args), { status: 0, stderr: '' }, `${args[0]} for head -0`)
      t.same(into('>/dev/full', ...args), { status: 74, stderr: 'camgate cannot write to its standard output: the disk is full.\n' }, `${args[0]} on a full disk`)
    }
    for (const nowhere of ['2>&1', '2>/dev/full']) t.match(into(nowhere, 'check', join(folder, 'bad.yaml')), { status: 78, stderr: '' })
  })
  t.test('has help, a version, and suggestions for typing mistakes', { buffered: true }, async t => {
    t.match(await camgate('--help'), { status: 0, stdout: /camgate \[serve\] \[FILE\]/ })
    t.match(await camgate('simulate', '--help'), { status: 0, stdout: /--fault/ })
    t.match(await camgate('serve', '-h'), { status: 0, stdout: /camgate \[serve\] \[FILE\]/ })
    for (const version of ['--version', '-v', '-V', 'version']) t.match(await camgate(version), { status: 0, stdout: /^\d+\.\d+\.\d+\n$/ })
    for (const [typed, meant] of [['chek', 'check'], ['validate', 'check'], ['serv', 'serve'], ['start', 'serve'], ['device', 'devices']]) {
      t.match(await camgate(typed!), { status: 64, stderr: `There is no command "${typed}"; did you mean camgate ${meant}?\n` })
    }
    for (const args of [['serve'], ['check'], []]) t.match(await camgate(...args, '--confg', '1'), { status: 64, stderr: 'There is no option --confg; did you mean --config?' })
    t.match(await camgate('--prot', '1'), { status: 64, stderr: 'There is no option --prot; did you mean --port?' })
    t.match(await camgate('simulate', '--cameras', '2', '--fpss', '1'), { status: 64, stderr: 'There is no option --fpss; did you mean --fps?' })
    t.match(await camgate('serve', '--port', '70000', '--config', config), { status: 64, stderr: /port/i })
  })
})
