import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { systemClock } from '../../src/clock.js'
import { KILL_AFTER_MS, type ProcessExit } from '../../src/processes/child.js'
import { CommandProcess } from '../../src/processes/command-process.js'
import { FakeClock } from '../fake-clock.js'
import { isAlive, processes } from '../e2e/processes.js'
import { until } from '../e2e/until.js'

const folder = t.testdir({
  family: '#!/bin/sh\nsleep 600 &\necho $! >"$1"\necho ready\nwait\n',
  'deaf-family': '#!/bin/sh\ntrap "" TERM\nsleep 600 &\necho $! >"$1"\necho ready\nwhile :; do wait; done\n',
  // leaves behind a process that has left the group and holds its stderr
  daemon: '#!/bin/sh\nsetsid sh -c \'echo $$ >"$0"; echo ready; exec sleep 600 >/dev/null\' "$1" &\nwhile :; do sleep 600; done\n',
  // leaves the group and does not reap its child, so that a zombie of the group stays
  undertaker: '#!/bin/sh\nperl -e \'$0 = "a (b) c"; my $child = fork; exec "sleep", "600" unless $child; setpgrp(0, 0); open F, ">", $ARGV[0]; print F "$child $$"; close F; ' +
    '$| = 1; print "ready\\n"; close STDOUT; close STDERR; sleep 600\' "$1"\n',
  // two that leave behind a process that holds none of their pipes
  leaver: '#!/bin/sh\nsleep 600 >/dev/null 2>&1 &\necho $! >"$1"\necho ready\n',
  'leaver-of-the-deaf': '#!/bin/sh\ntrap "" TERM\nsleep 600 >/dev/null 2>&1 &\necho $! >"$1"\necho ready\n'
})
for (const name of ['family', 'deaf-family', 'daemon', 'undertaker', 'leaver', 'leaver-of-the-deaf']) chmodSync(join(folder, name), 0o755)

function run (program: string, args: string[] = [], clock = systemClock, env: NodeJS.ProcessEnv = process.env) {
  let said = ''
  let running: CommandProcess
  const gone = new Promise<ProcessExit>(resolve => {
    running = new CommandProcess({ program, args, env, clock, onData: chunk => { said += String(chunk) }, onExit: resolve })
  })
  return { process: running!, gone, said: () => said }
}

/** A zombie is not running; it has no command. How long it stays depends on PID 1. */
const isRunning = (pid: number) => processes().some(process => process.pid === pid && process.command !== '')

/** Runs one of the programs above; `child` is the process that it starts. */
async function family (name: string, clock = systemClock) {
  const file = join(folder, `${name}.pid`)
  const parts = run(join(folder, name), [file], clock)
  await until('it is ready', () => parts.said().includes('ready'))
  const [child = 0, parent = 0] = readFileSync(file, 'utf8').split(' ').map(Number)
  return { ...parts, child, parent }
}

t.test('a command', async t => {
  t.test('ends together with everything it has started', async t => {
    const { process: parent, gone, child } = await family('family')
    t.ok(isRunning(child))
    parent.stop()
    parent.stop()
    t.match(await gone, { signal: 'SIGTERM' })
    t.notOk(isRunning(child))
  })
  t.test('is killed together with them if it ignores SIGTERM', async t => {
    const clock = new FakeClock()
    const { process: parent, gone, child } = await family('deaf-family', clock)
    parent.stop()
    clock.advance(KILL_AFTER_MS)
    let exit: ProcessExit | undefined
    void gone.then(how => { exit = how })
    await until('it is gone', () => {
      clock.advance(10) // the group is polled
      return exit !== undefined
    })
    t.match(exit, { signal: 'SIGKILL' })
    await until('the child is gone too', () => !isRunning(child))
  })
  t.test('ends although one of its processes is out of reach and holds a pipe', async t => {
    const { process: parent, gone, child } = await family('daemon')
    t.teardown(() => process.kill(child))
    parent.stop()
    t.match(await gone, { signal: 'SIGTERM' })
    t.ok(isRunning(child))
  })
  t.test('that ends by itself leaves no process behind', async t => {
    const { gone, child } = await family('leaver')
    t.match(await gone, { code: 0, signal: null })
    t.notOk(isRunning(child))
  })
  t.test('does not wait for zombies', async t => {
    const clock = new FakeClock()
    const { process: leader, gone, child, parent } = await family('undertaker', clock)
    t.teardown(() => process.kill(parent, 'SIGKILL'))
    let exit: ProcessExit | undefined
    void gone.then(how => { exit = how })
    leader.stop()
    await until('it is gone', () => {
      clock.advance(10)
      return exit !== undefined
    })
    t.ok(isAlive(child) && !isRunning(child), 'a zombie')
    t.ok(clock.now() < KILL_AFTER_MS, `after ${clock.now()} ms`)
  })
  t.test('that ends by itself leaves no process behind that ignores SIGTERM', async t => {
    const clock = new FakeClock()
    const { gone, child } = await family('leaver-of-the-deaf', clock)
    await until('its end was seen', () => clock.pending === 2) // one timer kills the rest, the other polls for it
    clock.advance(KILL_AFTER_MS - 1)
    t.ok(isRunning(child))
    clock.advance(1)
    t.match(await gone, { code: 0, signal: null })
    await until('the child is gone too', () => !isRunning(child))
  })
  t.test('gets none of our own variables, and no input', async t => {
    const { gone, said } = run('/bin/sh', ['-c', 'env; cat; echo end'], systemClock, { PATH: '/usr/bin:/bin', HOME: '/h', LC_ALL: 'C', CAM1_PASSWORD: 's3cret', FFMPEG_PATH: '/f' })
    t.match(await gone, { code: 0 })
    t.match(said(), /^HOME=\/h$/m)
    t.match(said(), /^end$/m)
    t.notMatch(said(), /s3cret|FFMPEG_PATH/)
  })
  t.test('reports its last lines, or why it could not be run', async t => {
    t.match(await run('/bin/sh', ['-c', 'echo rtsp://u:s3cret@h/ >&2; exit 7']).gone, { code: 7, stderr: ['rtsp://h/'] })
    t.match(await run('no-such-program').gone, { code: null, spawnError: 'ENOENT' })
    t.match(await run(folder).gone, { spawnError: 'EACCES' })
    t.match(await run('/bin/sh', ['a\0b']).gone, { spawnError: 'ERR_INVALID_ARG_VALUE' })
  })
})
