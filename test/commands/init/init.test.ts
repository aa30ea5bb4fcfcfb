/* eslint-disable no-template-curly-in-string -- cameras.yaml has ${…} */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough, Writable } from 'node:stream'
import t from 'tap'
import { parseRegistry } from '../../../src/config/parse.js'
import { Questions } from '../../../src/cli/terminal/questions.js'
import { dispatch } from '../../../src/commands/dispatch.js'
import { firstFile } from '../../../src/commands/init/answers.js'
import { interview } from '../../../src/commands/init/interview.js'
import type { DescribedDevice } from '../../../src/discovery/describe.js'
import { verifyPassword } from '../../../src/logins/password.js'
import { captured } from '../streams.js'

const registryOf = (file: string, env: Record<string, string> = {}) => parseRegistry(readFileSync(file, 'utf8'), { file, env, readFile: () => '' })

/** Runs it on a terminal. Each answer is typed when its question has been asked. */
async function typed (args: string[], answers: ReadonlyArray<[question: RegExp, answer: string]>) {
  return await onTerminal(answers, async io => {
    const { code = 0 } = await dispatch(['init', ...args], io)
    return { code, stdout: io.printed() }
  })
}

async function onTerminal<T> (answers: ReadonlyArray<[question: RegExp, answer: string]>, work: (io: ReturnType<typeof captured>) => Promise<T>) {
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
  const result = await work({ ...io, stdin: stdin as unknown as typeof io.stdin, stderr })
  return { ...result, shown, left }
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
      [/One of another, amcrest.*Who made it\? \(another\)/s, ''],
      [/camgate probe 192\.168\.1\.21:5554 looks.*1\. Where is the next/s, '192.168.1.21:5554'],
      [/Who made it\?/, 'Reolink'],
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
    t.match(stdout, `camgate check ${file} `, 'not of the usual file')
    t.match(stdout, 'open port 5000 of this machine')
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
  t.test('finds cameras, and takes what they say literally', async t => {
    const device = { address: '10.0.0.1', name: 'Gate\u0007 ${X}', model: 'C1', maker: '', onvif: 'http://10.0.0.1/onvif/device_service', hasPtz: true, problem: null }
    const stream = (url: string, codec = 'H264') => ({ url, codec, width: 640, height: 360, fps: 15 })
    const devices = [
      { ...device, channels: [{ main: stream('rtsp://10.0.0.1/${file:/etc/passwd}'), sub: stream('rtsp://10.0.0.1/sub') }] },
      { ...device, address: '10.0.0.2', name: '', hasPtz: false, channels: [{ main: stream('rtsp://10.0.0.2/"\n  evil: 1'), sub: stream('rtsp://10.0.0.2/s', 'JPEG') }] },
      { ...device, address: '10.0.0.3', name: '', channels: [{ main: stream('exec:rm'), sub: null }] },
      { ...device, address: '10.0.0.4', name: '', channels: [], problem: 'It refuses this password.' }
    ] as unknown as DescribedDevice[]
    const asked: unknown[] = []
    const { answers, left, shown } = await onTerminal([
      [/1\. Where is the camera\?.*find/s, 'find'], [/2\. Which user/, ''], [/Its password/, 'p${x}'], [/1\. Where is the next/, ''], [/4\. /, '']
    ], async io => {
      const questions = new Questions(io)
      const answers = await interview(questions, async credentials => {
        asked.push(credentials)
        return devices
      })
      questions.close()
      return { answers }
    })
    t.same(left, [])
    t.same(asked, [{ username: 'admin', password: 'p${x}' }])
    t.match(shown, /found: Gate.*not taken: 10\.0\.0\.4: It refuses this password\.\n.*not taken: 10\.0\.0\.3: expected/s)
    for (const hidden of ['p${x}', '\u0007']) t.notOk(shown.includes(hidden))
    const { yaml, ids } = firstFile(answers, 'cameras.yaml')
    t.same(ids, ['1', '2'])
    const { cameras } = parseRegistry(yaml, { file: 'cameras.yaml', env: {}, readFile: () => { throw new Error('read') } })
    t.match(cameras, [
      { name: 'Gate  {X}', source: { url: 'rtsp://10.0.0.1/${file:/etc/passwd}' }, substream: { url: 'rtsp://10.0.0.1/sub' }, credentials: { username: 'admin', password: 'p${x}' }, onvif: 'http://10.0.0.1/onvif/device_service' },
      { name: 'C1', source: { url: /^rtsp:\/\/10\.0\.0\.2\/%22%0A/ }, credentials: { username: 'admin' } }
    ])
    t.same(cameras.map(({ substream, onvif }) => [substream !== undefined, onvif !== undefined]), [[true, true], [false, false]])
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
      [[], 64, /^Without a terminal, init needs --camera ADDRESS or --discover USER, and may be given --name, --listen and --user\./],
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
