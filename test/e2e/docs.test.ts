// Runs what the pages show: their commands, in a folder of its own and against a camgate of its own, and what they say that comes back.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { request, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import t from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { packageRoot } from '../../src/package.js'
import { startSimulator } from '../../src/simulator/simulator.js'
import { allBlocks, blocksOf, placed, type Block } from '../docs/blocks.js'
import { commandLines, isRun, SHELLS } from '../docs/shell.js'
import { small } from '../simulator/small.js'
import { secret } from './credentials.js'
import { freePort } from './free-port.js'
import { startService } from './service.js'
import { until } from './until.js'

const username = 'admin' // as in the pages; the configuration shows it to administrators
const password = secret('of the camera')
const simulator = await startSimulator({
  ffmpegPath: findFfmpeg()!,
  cameras: [{ ...small, id: 'entrance' }, { ...small, id: 'gate', auth: 'digest', username, password }]
})
t.teardown(() => simulator.close())

const folder = t.testdir({ 'cameras.yaml': JSON.stringify({ cameras: { 1: { name: 'Entrance', source: simulator.url('entrance'), renditions: { thumb: { width: 160 } } }, 2: simulator.url('entrance') } }) })
const service = await startService(t, { config: join(folder, 'cameras.yaml') })
const { origin, port, host } = new URL(service.url)

/** Programs as pages call them. curl fails where camgate refuses, and a stream ends after a moment; `Vw3…` stands for the ETag of the last answer. */
const PROGRAMS = {
  camgate: `exec '${process.execPath}' '${join(packageRoot, 'dist/main.js')}' "$@"`,
  npx: 'exec "$@"',
  curl: `[[ " $* " = *' -N '* ]] && seconds=3 || seconds=60
etag=$(sed -n 's/^etag: "\\(.*\\)".*/\\1/Ip' headers 2>/dev/null)
/usr/bin/curl --fail --silent --show-error --max-time $seconds --dump-header headers "\${@/Vw3…/$etag}"
code=$?
[[ $code = 28 && $seconds = 3 || $code = 23 ]] || exit $code`
}
mkdirSync(join(folder, 'bin'))
for (const [name, script] of Object.entries(PROGRAMS)) {
  writeFileSync(join(folder, 'bin', name), `#!/usr/bin/env bash\n${script}\n`)
  chmodSync(join(folder, 'bin', name), 0o755)
}

/** Leads to this camgate and to the simulated cameras, never to another machine. */
const here = (line: string) => line
  .replaceAll('"password": "secret"', `"password": "${password}"`)
  .replaceAll('localhost:5000', host)
  .replace(/rtsp:\/\/192\.168\.[\w.:/-]+/g, simulator.url('gate'))

async function shell (lines: readonly string[]): Promise<{ code: number | null, stdout: string, stderr: string }> {
  const child = spawn('/bin/bash', ['-e', '-o', 'pipefail', '-c', lines.map(here).join('\n')], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 90_000,
    env: { PATH: `${join(folder, 'bin')}:/usr/local/bin:/usr/bin:/bin`, HOME: folder, HOST: '127.0.0.1', PORT: port, CAMGATE_PASSWORD: password, CAMGATE_LINK_KEY: secret('a key that is as long as it has to be'), TOKEN: 'x' }
  })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', text => { stdout += text })
  child.stderr.setEncoding('utf8').on('data', text => { stderr += text })
  const [code] = await once(child, 'close') as [number | null]
  return { code, stdout, stderr }
}

const startAgain = () => fetch(`${origin}/start/1`, { method: 'POST' })
const isRunning = () => service.until(({ cameras }) => cameras['1']?.state === 'running', 'the camera runs')

t.test('commands of the docs do what they should', async t => {
  const run = allBlocks().filter(({ language, note }) => SHELLS.includes(language) && language !== 'console' && note === undefined)
    .map(block => ({ block, lines: commandLines(block).filter(isRun).map(({ line }) => line) })).filter(({ lines }) => lines.length > 0)
  t.ok(run.length > 8)
  for (const { block, lines } of run) {
    await isRunning()
    const { code, stdout, stderr } = await shell(lines)
    t.equal(code, 0, `${placed(block)}: ${lines.join('; ')}\n${stdout.slice(0, 300)}${stderr}`)
    if (lines.some(line => line.includes('/stop/'))) await startAgain()
  }
})

const onlyBlock = (page: string, language: string, start: string): Block => blocksOf(page).find(block => block.language === language && block.text.startsWith(start))!

t.test('camgate probe prints what docs/guide/probe.md shows', async t => {
  const { text, ...block } = onlyBlock('docs/guide/probe.md', 'console', '$ npx camgate probe')
  const { code, stdout } = await shell(commandLines({ ...block, text }).map(({ line }) => line))
  t.equal(code, 0, stdout)
  const labels = (output: string) => [...output.matchAll(/^ {2}(\w+(?: \w+)?) {2,}|^(cameras:)$/gm)].map(([, label, yaml]) => label ?? yaml!)
  t.ok(labels(stdout).length >= 6, stdout)
  t.same(labels(stdout).filter(label => !labels(text).includes(label)), [])
  t.match(stdout, /password: \$\{CAM_PASSWORD\}/)
})

t.test('camgate doctor prints lines as docs/guide/probe.md shows them', async t => {
  const { text, ...block } = onlyBlock('docs/guide/probe.md', 'console', '$ npx camgate doctor')
  const { code, stdout } = await shell(commandLines({ ...block, text }).map(({ line }) => line))
  t.ok([0, 1, 2].includes(code!), stdout)
  const kinds = (output: string) => output.split('\n').filter(line => /^\w/.test(line) && !line.startsWith('$')).map(line => /^(?:error|warning|note) {1,4}[\w .-]+: \S|^\d+ (?:error|warning|note)s?\b|^Nothing/.test(line))
  t.notMatch(kinds(text), [false])
  t.notOk(kinds(stdout).includes(false), stdout)
})

t.test('a start prints the line of docs/guide/install.md', async t => {
  const { text } = onlyBlock('docs/guide/install.md', 'text', 'camgate shows')
  t.ok(service.log.some(({ msg }) => msg === text.trim().replace('4 cameras', '2 cameras').replace('http://127.0.0.1:5000/', service.url)))
})

t.test('a line of the log has the keys that docs/guide/running.md shows', async t => {
  await fetch(`${origin}/config/cameras/nothing`, { method: 'PUT', body: JSON.stringify({ source: `rtsp://127.0.0.1:${await freePort()}/stream9` }) })
  const line = () => service.log.find(({ camera, to }) => camera === 'nothing' && to === 'waiting')
  await until('a camera waits', () => line() !== undefined, 30_000)
  t.same(Object.keys(line()!).sort(), Object.keys(JSON.parse(onlyBlock('docs/guide/running.md', 'json', '{"level"').text)).sort())
})

t.test('a stream has the headers of docs/http.md', async t => {
  await isRunning()
  const [response, part] = onlyBlock('docs/http.md', 'http', 'HTTP/1.1 200').text.split('\n\n')
  const asked = request(`${origin}/camera/1?fps=2&status=off`).end()
  const [answer] = await once(asked, 'response') as [IncomingMessage]
  let bytes = ''
  answer.setEncoding('latin1').on('data', chunk => { bytes += chunk })
  await until('the headers of the first part are here', () => bytes.includes('\r\n\r\n'), 30_000)
  for (const line of response!.split('\n').slice(1)) {
    const [name = '', value] = line.split(': ')
    t.equal(answer.headers[name.toLowerCase()], value, name)
  }
  for (const [, name] of part!.matchAll(/^([\w-]+): /gm)) t.match(bytes, `\r\n${name}: `)
  asked.destroy()
})

t.test('metrics are those of docs/http.md', async t => {
  const metrics = await (await fetch(`${origin}/metrics`)).text()
  for (const line of onlyBlock('docs/http.md', 'text', '# HELP').text.trim().split('\n')) t.match(metrics, line.replace(/ [01]$/, ' '))
})

t.test('events are those of docs/http.md', async t => {
  await isRunning()
  const read = (text: string) => new Map([...text.matchAll(/^event: (\w+)\ndata: (.*)$/gm)].map(([, event, data]) => [event!, JSON.parse(data!)]))
  const shown = read(onlyBlock('docs/http.md', 'text', 'retry:').text)
  const asked = request(`${origin}/events`).end()
  const [answer] = await once(asked, 'response') as [IncomingMessage]
  let text = ''
  answer.setEncoding('utf8').on('data', chunk => { text += chunk })
  await until('the first event has come', () => text.includes('event: cameras'), 30_000)
  await fetch(`${origin}/stop/1`, { method: 'POST' })
  await until('all events have come', () => [...shown.keys()].every(event => text.includes(`event: ${event}\n`)), 30_000)
  asked.destroy()
  const real = read(text)
  const keysOf = (data: object) => Object.keys(data).sort()
  for (const [event, data] of shown) t.same(keysOf(real.get(event)), keysOf(data), event)
  t.same(keysOf(real.get('all').cameras['1']), keysOf(shown.get('all').cameras['1']))
  t.match(text, /^retry: 1000\n/)
})
