import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { packageRoot } from '../../src/package.js'
import { certificate, filesIn } from '../tls/certificates.js'
import { secret } from './credentials.js'
import { Recording } from './recording.js'
import { startService } from './service.js'

const username = secret('admin')
const folder = t.testdir({
  'cameras.yaml': 'cameras: { 1: { source: { type: simulated } } }',
  'doubtful.yaml': `cameras:\n  1:\n    source: { type: pattern }\n    username: ${username}\n    password: ${secret('5e5c')} #rd\n    enabled: false\n`,
  'bad.yaml': `cameras:\n  1: { source: rtsp://127.0.0.1/, pasword: ${secret('5e5c')} }\n  2: { fps: 0 }\n`
})
const config = join(folder, 'cameras.yaml')

const recording = new Recording()
/** Runs one command to its end. */
async function camgate (...args: string[]) {
  const child = spawn(process.execPath, [join(packageRoot, 'dist/main.js'), ...args], { stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000, env: { ...process.env, NODE_OPTIONS: '' } })
  const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  recording.keep('stdout', stdout)
  recording.keep('stderr', stderr)
  return { status: status as number, stdout, stderr }
}

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
      t.equal(stderr, `There is no file ${join(folder, 'none.yaml')}. camgate init writes one; --config and CAMGATE_CONFIG name another.\n`)
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
  t.test('check opens the key and certificate of https, as a start does', { buffered: true }, async t => {
    const folder = t.testdir({ 'cameras.yaml': 'server: { tls: { key: key.pem, cert: cert.pem } }\ncameras: { 1: { source: { type: simulated } } }\n' })
    const file = join(folder, 'cameras.yaml')
    const apart = `Apart from that, ${file} is good: 1 camera\n`
    t.same(await camgate('check', file), { status: 78, stdout: '', stderr: `There is no file ${join(folder, 'key.pem')}, which server.tls names. A relative path starts at the folder of cameras.yaml; in Docker, mount the folder that contains it.\n${apart}` })
    filesIn(folder, { key: (await certificate()).key, cert: (await certificate()).cert })
    const refused = await camgate('check', file)
    t.match(refused, { status: 78, stdout: '', stderr: /^The key in .*key\.pem does not belong to the certificate in .*cert\.pem, / })
    t.ok(refused.stderr.endsWith(`\n${apart}`))
    filesIn(folder, await certificate({ from: 0, days: 1 }))
    t.match(await camgate('check', file), { status: 0, stderr: '', stdout: `The certificate ${join(folder, 'cert.pem')} has expired on 1970-01-02: browsers refuse it. Renew it.\n${file} is good: 1 camera\n` })
    filesIn(folder, await certificate({ from: Date.now() }))
    t.same(await camgate('check', file), { status: 0, stderr: '', stdout: `${file} is good: 1 camera\n` })
  })
  t.test('serves with only options or a file', { buffered: true }, async t => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const port = String((other.address() as AddressInfo).port)
    const file = join(folder, 'doubtful.yaml')
    for (const args of [['serve', file, '--port', port], [file, '--port', port], ['--port', port, '-c', file], ['--config', file, '--port', port], ['-c', file, '--port', port]]) {
      t.match(await camgate(...args), { status: 69, stderr: `Port ${port} on 127.0.0.1 is taken` }, args.join(' '))
    }
    for (const args of [['serve', file, file], ['serve', file, '-c', file]]) t.match(await camgate(...args), { status: 64, stderr: /^There is one file, not several/ })
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
    t.match(await camgate('chek'), { status: 64, stderr: 'There is no command "chek"; did you mean camgate check?\n' })
    t.match(await camgate('--prot', '1'), { status: 64, stderr: 'There is no option --prot; did you mean --port?' })
    t.match(await camgate('simulate', '--cameras', '2', '--fpss', '1'), { status: 64, stderr: 'There is no option --fpss; did you mean --fps?' })
    t.match(await camgate('serve', '--port', '70000', '--config', config), { status: 64, stderr: /port/i })
  })
  t.test('completes the ids of cameras in bash', { buffered: true }, async t => {
    const { stdout: script } = await camgate('completion', 'bash')
    const drive = `${script}\nCOMP_WORDS=(camgate sign /camera/); COMP_CWORD=2; _camgate; printf '%s\\n' "\${COMPREPLY[@]}"`
    const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', drive], { encoding: 'utf8', timeout: 60_000, env: { ...process.env, NODE_OPTIONS: '', CAMGATE_CONFIG: config } })
    t.same({ stdout, stderr }, { stdout: '/camera/1\n', stderr: '' })
  })
  t.test('makes a hash of a password that stands on its standard input, and on no command line', { buffered: true }, async t => {
    const typed = secret('correct horse')
    const main = join(packageRoot, 'dist/main.js')
    const run = spawnSync(process.execPath, [main, 'password'], { input: `${typed}\n`, encoding: 'utf8', timeout: 60_000, env: { ...process.env, NODE_OPTIONS: '' } })
    for (const output of ['stdout', 'stderr'] as const) recording.keep(output, run[output].replaceAll(run.stdout.trim(), 'HASH'))
    t.equal(run.status, 0)
    t.match(run.stdout, /^\$scrypt\$ln=15,r=8,p=3\$\S+\n$/)
    t.match(run.stderr, `password: "${run.stdout.trim()}"`)
    t.match(await camgate('password'), { status: 64, stdout: '', stderr: /^The password is empty/ })
    t.match(await camgate('password', 'x'), { status: 64, stdout: '', stderr: /takes no arguments/ })
  })
})
