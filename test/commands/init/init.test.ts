/* eslint-disable no-template-curly-in-string -- cameras.yaml has ${…} */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough, Writable } from 'node:stream'
import t from 'tap'
import { parseRegistry } from '../../../src/config/parse.js'
import { dispatch } from '../../../src/commands/dispatch.js'
import { verifyPassword } from '../../../src/logins/password.js'
import { captured } from '../streams.js'

const registryOf = (file: string, env: Record<string, string> = {}) => parseRegistry(readFileSync(file, 'utf8'), { file, env, readFile: () => '' })

/** Runs it on a terminal. Each answer is typed when its question has been asked. */
async function typed (args: string[], answers: ReadonlyArray<[question: RegExp, answer: string]>) {
  const left = [...answers]
  let shown = ''
  let unanswered = ''
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode () {} })
  const io = captured()
  const stderr = new Writable({
    write (chunk, _encoding, done) {
      shown += String(chunk)
      unanswered += String(chunk)
      const [next] = left
      if (next?.[0].test(unanswered)) {
        left.shift()
        unanswered = ''
        setImmediate(() => next[1] === 'END' ? stdin.end() : stdin.write(`${next[1]}\r`))
      }
      done()
    }
  })
  const { code = 0 } = await dispatch(['init', ...args], { ...io, stdin: stdin as unknown as typeof io.stdin, stderr })
  return { code, shown, left, stdout: io.printed() }
}

async function run (args: string[], input = '') {
  const io = captured({ input })
  const { code = 0 } = await dispatch(['init', ...args], io)
  return { code, stdout: io.printed(), stderr: io.complained() }
}

t.test('camgate init on a terminal', async t => {
  t.test('asks five questions and writes a file that is good', async t => {
    const file = join(t.testdir(), 'cameras.yaml')
    const { code, left, stdout, shown } = await typed([file], [
      [/1\. Where is the camera\?/, '192.168.1.20/stream1'],
      [/That cannot be used: .*did you mean rtsp:.*1\. Where is the camera\?/s, 'rtsp://192.168.1.20:554/stream1'],
      [/2\. Which user/, 'admin'],
      [/Its password: /, 'p${x} #"'],
      [/3\. What do people call it\? \(1\)/, 'Gate: the big one'],
      [/1\. Where is the next camera\?/, '192.168.1.21:5554'],
      [/Who made it\?/, 'sony'],
      [/One of amcrest.*Who made it\?/s, 'Reolink'],
      [/2\. Which user/, ''],
      [/3\. What do people call it\? \(2\)/, ''],
      [/1\. Where is the next camera\?/, 'rtsp://u:${CAM3_PASSWORD}@192.168.1.22/'],
      [/3\. What do people call it\? \(3\)/, ''],
      [/1\. Where is the next camera\?/, ''],
      [/4\. Who should see the pictures\?/, '2'],
      [/5\. .*first user/, 'anna'],
      [/Password: /, 'correct horse'],
      [/The same again: /, 'korrect horse'],
      [/differ.*Password: /s, 'correct horse'],
      [/The same again: /, 'correct horse']
    ])
    t.same(left, [])
    t.equal(code, 0, shown)
    t.match(stdout, `${file} has 3 cameras now.\n`)
    t.notMatch(shown, /p\$\{x\}|horse/, 'passwords are not shown')
    const { cameras, server, warnings } = registryOf(file, { CAM3_PASSWORD: 'secret' })
    t.match(cameras, [
      { id: '1', name: 'Gate: the big one', source: { url: 'rtsp://192.168.1.20:554/stream1' }, credentials: { username: 'admin', password: 'p${x} #"' } },
      { id: '2', name: '2', source: { url: /^rtsp:\/\/192\.168\.1\.21:5554\/Preview_01/ } },
      { id: '3', source: { url: 'rtsp://192.168.1.22/' }, credentials: { username: 'u', password: 'secret' } }
    ])
    t.same(warnings, [])
    t.equal(server.host, '0.0.0.0')
    const anna = typeof server.auth === 'object' ? server.auth.users.get('anna') : undefined
    t.match(anna, { right: 'admin' })
    t.equal(await verifyPassword('correct horse', anna?.password ?? ''), true)
    t.equal(statSync(file).mode & 0o777, 0o600)
  })
  t.test('shows something without a camera', async t => {
    const file = join(t.testdir(), 'cameras.yaml')
    t.match(await typed([file], [[/1\. /, ''], [/4\. /, '']]), { code: 0, left: [] })
    t.match(registryOf(file), { server: { host: '127.0.0.1' }, cameras: [{ id: '1', source: { type: 'simulated' } }] })
  })
  t.test('writes nothing if the input ends', async t => {
    const file = join(t.testdir(), 'cameras.yaml')
    for (const answers of [[[/1\. /, 'END']], [[/1\. /, ''], [/4\. /, '2'], [/5\. /, ''], [/Password: /, 'END']]] as Array<Array<[RegExp, string]>>) {
      t.match(await typed([file], answers), { code: 64, left: [] })
      t.notOk(existsSync(file))
    }
  })
})

t.test('camgate init with options', async t => {
  t.test('asks nothing', async t => {
    const file = join(t.testdir(), 'cameras.yaml')
    t.match(await run([file, '--camera', 'rtsp://admin:${CAM1}@192.168.1.20/stream1', '--name', 'Gate', '--camera', 'http://192.168.1.21/snap.jpg']), { code: 0, stderr: '' })
    t.match(readFileSync(file, 'utf8'), 'name: Gate\n    source: rtsp://192.168.1.20/stream1\n    username: "admin"\n    password: "${CAM1}"\n')
    t.match(registryOf(file, { CAM1: 'x' }), { server: { host: '127.0.0.1', auth: undefined }, cameras: [{ id: '1', name: 'Gate' }, { id: '2', source: { type: 'http' } }] })
    t.match(await run([file, '--camera', 'http://127.0.0.1/', '--json', '--force']), { stdout: /^\{\n {2}"file": ".*",\n {2}"cameras": \[\n {4}"1"\n/ })
  })
  t.test('reads the password of the first user from its input', async t => {
    const file = join(t.testdir(), 'cameras.yaml')
    t.match(await run([file, '--camera', 'http://127.0.0.1/', '--listen', '::', '--user', 'anna'], 'correct horse\n'), { code: 0 })
    const { server: { host, auth } } = registryOf(file)
    t.equal(host, '::')
    t.equal(await verifyPassword('correct horse', typeof auth === 'object' ? auth.users.get('anna')?.password ?? '' : ''), true)
  })
  t.test('keeps a file that exists, also if it is replaced', async t => {
    const folder = t.testdir({ 'cameras.yaml': 'mine' })
    const file = join(folder, 'cameras.yaml')
    t.match(await run([file, '--camera', 'http://127.0.0.1/']), { code: 73, stderr: /exists already\. --force replaces it/ })
    t.equal(readFileSync(file, 'utf8'), 'mine')
    t.match(await run([file, '--camera', 'rtsp//', '--force']), { code: 64 })
    t.equal(readFileSync(file, 'utf8'), 'mine', 'a mistake replaces nothing')
    t.match(await run([file, '--camera', 'http://127.0.0.1/', '--force']), { code: 0 })
    t.equal(readFileSync(`${file}.old`, 'utf8'), 'mine')
    t.equal(registryOf(file).cameras.length, 1)
  })
  t.test('says what is missing', async t => {
    const file = join(t.testdir(), 'cameras.yaml')
    for (const [args, code, message] of [
      [[], 64, /^Without a terminal, init needs --camera ADDRESS, and may be given --name, --listen and --user\./],
      [['--listen', '0.0.0.0', '--camera', 'http://127.0.0.1/'], 64, /^On "0\.0\.0\.0", others than this machine may reach camgate: say with --user/],
      [['--listen', '0.0.0.0', '--camera', 'http://127.0.0.1/', '--user', 'a'], 64, /^The password is empty/],
      [['--camera', '192.168.1.20'], 64, /^--camera, the 1\. one: expected rtsp:/],
      [['--camera', 'http://127.0.0.1/', '--name', 'a', '--name', 'b'], 64, /^There are more names than cameras/],
      [['--listen', '0.0.0.0', '--user', 'a:b', '--camera', 'http://127.0.0.1/'], 78, /server\.auth\.users/],
      [['more.yaml'], 64, /^init writes one file/]
    ] as const) t.match(await run([file, ...args], args.includes('a:b' as never) ? 'x\n' : ''), { code, stdout: '', stderr: message }, args.join(' '))
    t.notOk(existsSync(file))
  })
})
