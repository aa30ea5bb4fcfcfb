import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { packageRoot } from '../../src/package.js'
import { isAlive, processes } from './processes.js'
import { Service, startService } from './service.js'
import { until } from './until.js'

const main = join(packageRoot, 'dist/main.js')
const folder = t.testdir({ 'cameras.yaml': 'cameras: { 1: { source: { type: simulated }, decode: always } }\n' })
const config = join(folder, 'cameras.yaml')

/** A user that this machine does not have, as with `docker run --user 12345`. */
const NOBODY = { uid: 12_345, gid: 12_345 }
const mayRead = spawnSync(process.execPath, ['-e', `require('fs').accessSync(${JSON.stringify(main)})`], NOBODY).status === 0

t.test('a user without a home and without an entry in passwd', { skip: !mayRead && 'NOT TESTED: this needs root, and a folder that another user may read.' }, async t => {
  const place = mkdtempSync(join(tmpdir(), 'camgate-test-'))
  chmodSync(place, 0o755)
  const temporary = join(place, 'tmp')
  mkdirSync(temporary)
  chmodSync(temporary, 0o777)
  const nodes = `/dev/shm/camgate-test-${process.pid}`
  mkdirSync(nodes)
  execFileSync('mknod', ['-m', '600', join(nodes, 'video0'), 'c', '81', '0'])
  t.teardown(() => [place, nodes].forEach(path => rmSync(path, { recursive: true })))
  const file = join(place, 'cameras.yaml')
  writeFileSync(file, JSON.stringify({ cameras: { 1: { source: { type: 'simulated' }, decode: 'always' }, 2: { source: { type: 'v4l2', device: join(nodes, 'video0') } } } }))

  for (const [kind, HOME] of [['none', undefined], ['the root, as Docker gives', '/']] as const) {
    t.test(`has its pictures, with a home that is ${kind}`, async t => {
      const child = spawn('env', ['-u', 'NODE_OPTIONS', process.execPath, main, 'serve', file, '--port', '0'], { // nor tap's loader, which writes a file
        ...NOBODY, cwd: place, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, HOST: '', LOG_LEVEL: 'info', HOME, XDG_CACHE_HOME: undefined, TMPDIR: temporary }
      })
      t.teardown(() => child.kill('SIGKILL'))
      let said = ''
      for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => { said += text })
      const gone = once(child, 'close')
      await until('a picture came', () => said.includes('"msg":"1, decoder: running"') || child.exitCode !== null, 60_000)
      await until('the webcam is looked at', () => said.includes('camgate may not open'), 10_000)
      child.kill()
      t.match(await gone, [0], said)
      t.match(said, /"why":"not-permitted"/)
      t.notMatch(said, /\n\s+at |"level":[56]0/)
      t.equal(readdirSync(join(temporary, 'camgate-12345')).length, 1, 'its clip is kept for the next time')
    })
  }
})

t.test('SIGHUP', async t => {
  t.test('does not end a process without a terminal, as nohup expects', async t => {
    const service = await startService(t, { config })
    process.kill(service.pid, 'SIGHUP')
    await until('it is logged', () => service.log.some(({ msg }) => msg.startsWith('SIGHUP: reading the configuration again')))
    t.match(await service.status(), { status: /./ })
    t.match(await service.end(), { code: 0, signal: null })
  })
  t.test('ends a process whose terminal is closed', { skip: spawnSync('script', ['--version']).status !== 0 && 'NOT TESTED: there is no script(1).' }, async t => {
    const terminal = spawn('script', ['-qfec', `exec ${process.execPath} ${main} serve ${config} --port 0`, '/dev/null'], { env: { ...process.env, NODE_OPTIONS: '', HOST: '', LOG_LEVEL: 'info' }, stdio: ['pipe', 'pipe', 'ignore'] })
    let said = ''
    terminal.stdout.setEncoding('utf8').on('data', (text: string) => { said += text })
    await until('it runs', () => said.includes('1, decoder: running'), 60_000)
    const family = familyOf(terminal.pid!)
    t.ok(family.length >= 2, 'camgate and its ffmpeg')
    terminal.kill('SIGKILL')
    await until('all are gone', () => !family.some(isRunning), 5_000)
  })
})

t.test('Ctrl+C while ffmpeg is asked for its version does not blame ffmpeg', async t => {
  const slow = join(folder, 'ffmpeg')
  writeFileSync(slow, '#!/bin/sh\nexec sleep 600\n', { mode: 0o755 })
  const service = new Service(t, { config, env: { FFMPEG_PATH: slow }, prefix: ['setsid'] })
  const sleeping = () => processes().filter(({ parent, command }) => parent === service.pid && command.startsWith('sleep'))
  await until('it is asked for its version and its filters', () => sleeping().length === 2)
  const family = sleeping().map(({ pid }) => pid)
  process.kill(-service.pid, 'SIGINT') // as a terminal does: to all of the group
  const { code, signal } = await service.gone
  t.same([code, signal], [0, null])
  t.same(service.log.map(({ msg }) => msg), ['SIGINT: stopping', 'stopped'])
  t.equal(service.stderr, '')
  await until('nothing of ffmpeg is left', () => !family.some(isRunning), 5_000)
})

t.test('npm start passes SIGTERM on to camgate, whatever its shell is', async t => {
  const { scripts: { start } } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'))
  for (const shell of ['/bin/sh', '/bin/bash', '/bin/dash'].filter(existsSync)) await t.test(shell, t => terminates(t, start, shell))
})

/** A package with this script, whose start.mjs notes that it runs, and what ends it. */
async function terminates (t: Test, start: string, shell: string): Promise<void> {
  const place = t.testdir({
    'package.json': JSON.stringify({ scripts: { start } }),
    src: { setup: { 'start.mjs': "import { writeFileSync } from 'node:fs'\nprocess.on('SIGTERM', () => { writeFileSync('ended', 'SIGTERM'); process.exit() })\nwriteFileSync('pid', String(process.pid))\nsetTimeout(() => {}, 60_000)\n" } }
  })
  const npm = spawn('npm', ['start'], { cwd: place, env: { ...process.env, NODE_OPTIONS: '', npm_config_script_shell: shell }, stdio: 'ignore' })
  const pid = join(place, 'pid')
  await until('it runs', () => existsSync(pid) && readFileSync(pid, 'utf8') !== '', 30_000)
  const started = Number(readFileSync(pid, 'utf8'))
  t.teardown(() => { if (isAlive(started)) process.kill(started, 'SIGKILL') })
  npm.kill('SIGTERM')
  await until('it is gone', () => !isAlive(started), 10_000)
  t.equal(readFileSync(join(place, 'ended'), 'utf8'), 'SIGTERM')
}

/** A zombie does not run, and has no command. */
const isRunning = (pid: number) => processes().some(process => process.pid === pid && process.command !== '')

/** All descendants of the process. */
function familyOf (pid: number): number[] {
  const all = processes()
  const below = (parent: number): number[] => all.filter(other => other.parent === parent).flatMap(({ pid }) => [pid, ...below(pid)])
  return below(pid)
}
