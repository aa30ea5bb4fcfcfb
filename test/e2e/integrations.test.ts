import { spawn, spawnSync } from 'node:child_process'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import t, { type Test } from 'tap'
import { parse } from 'yaml'
import { defaultCacheDir } from '../../src/clips/clip-cache.js'
import { packageRoot } from '../../src/package.js'
import { basicAuth, passwordHash } from '../passwords.js'
import { startService } from './service.js'
import { until } from './until.js'

const PYTHON = '/usr/bin/python3'
/** The simulator's clip repeats. */
const CLIP_PICTURES = 200
const READS = 6

/** As documented in docs/integrations. */
const CAMGATE = 'http://192.168.1.5:5000'
/** A virtual environment with Jinja2, which Flask needs. */
const FLASK = join(defaultCacheDir(), 'examples/bin/python')
const PASSWORD = 'correct horse' // that of passwordHash

const noJinja = spawnSync(FLASK, ['-c', 'import jinja2']).status !== 0 && `NOT TESTED: there is no Jinja2 in ${defaultCacheDir()}. Run node test/setup.mjs, which prints what it lacks.`
const noOpencv = spawnSync(PYTHON, ['-c', 'import cv2']).status !== 0 && 'NOT TESTED: the system has no OpenCV. Install python3-opencv.'

const blocksOf = (page: string, language: string) =>
  [...readFileSync(join(packageRoot, 'docs/integrations', page), 'utf8').matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'))].map(([, text]) => text!)

t.test('opencv.md', { skip: noOpencv }, async t => {
  const folder = t.testdir({ 'cameras.yaml': 'cameras: { 1: { source: { type: simulated } } }\n' })
  const options = { config: join(folder, 'cameras.yaml') }
  const service = await startService(t, options)
  const port = new URL(service.url).port
  const [camera = '', program = '', , snapshot = ''] = blocksOf('opencv.md', 'python').map(text => text.replaceAll('http://127.0.0.1:5000/', service.url))
  writeFileSync(join(folder, 'camgate_camera.py'), camera)
  cpSync(join(packageRoot, 'test/e2e/integrations/slow_program.py'), join(folder, 'slow_program.py'))

  t.test('its programs run as they are', async t => {
    for (const text of [program, snapshot]) {
      writeFileSync(join(folder, 'program.py'), text)
      const lines = run(t, folder, 'program.py')
      await until('it prints the size and the age of a picture', () => lines.some(line => /^960x544 pixels, (at most )?\d+ ms old$/.test(line)), 30_000).catch(error => { throw new Error(`${error}\n${lines.join('\n')}`) })
    }
  })

  t.test('a program that works for long on each picture sees fresh ones, and none while there is none', async t => {
    const [byClass, byOpencv] = [run(t, folder, 'slow_program.py', 'class', `${service.url}camera/1`), run(t, folder, 'slow_program.py', 'opencv', `${service.url}camera/1`)]
    await until('both have read', () => [byClass, byOpencv].every(lines => numbersOf(lines).length >= READS), 60_000)
    t.ok(distance(byClass) > 2 * distance(byOpencv), `the class has gone on by ${distance(byClass)} pictures, OpenCV by ${distance(byOpencv)}`)
    t.ok(readsOf(byClass).every(({ age }) => age === undefined || age >= 0))

    await fetch(`${service.url}stop/1`, { method: 'POST' })
    await until('it says that the camera is stopped', () => readsOf(byClass).at(-1)?.state === 'stopped', 30_000)
    await fetch(`${service.url}start/1`, { method: 'POST' })
    await until('it has a picture again', () => readsOf(byClass).at(-1)?.number !== undefined, 30_000)
    await service.end()
    await until('it says that camgate is gone', () => /refused/.test(readsOf(byClass).at(-1)?.state ?? ''), 30_000)
    await startService(t, { ...options, args: ['--port', port] })
    await until('it has a picture of the new camgate', () => readsOf(byClass).at(-1)?.number !== undefined, 60_000)
  })
})

t.test('home-assistant.md', { skip: noJinja }, async t => {
  const [camgate = '', configuration = '', card = ''] = blocksOf('home-assistant.md', 'yaml')
  const config = camgate.replace(/\$scrypt[^"]*/, passwordHash).replace('0.0.0.0', '127.0.0.1')
  t.match(config, passwordHash)
  const folder = t.testdir({ 'cameras.yaml': `${config}cameras: { barn: { source: { type: simulated } }, yard: { source: { type: simulated } } }\n` })
  const service = await startService(t, { config: join(folder, 'cameras.yaml') })
  const { rest: [rest], rest_command: commands, template: [{ switch: [toggle] }] } = parse(configuration, { customTags: [{ tag: '!secret', resolve: () => PASSWORD }] })
  /** As Home Assistant asks: with Basic at once. */
  const ask = async (url: string, { username, password }: Login, method = 'GET') => await fetch(url.replace(CAMGATE, service.url.slice(0, -1)), {
    method: method.toUpperCase(), headers: { 'User-Agent': 'HomeAssistant/2026.11.2 aiohttp/3.13.2 Python/3.13', Authorization: basicAuth(username, password) }
  })
  const call = async (name: string, data: object) => {
    const { url, method, ...login } = commands[name.replace('rest_command.', '')]
    const [address = ''] = render([url], data)
    t.equal((await ask(address, login, method)).status, 200, name)
  }
  const [sensors, binarySensors] = [rest.sensor, rest.binary_sensor]
  /** What its entities say. */
  const look = async () => {
    const status = await (await ask(rest.resource, rest)).json() as { cameras: Record<string, object> }
    t.same(Object.keys(status.cameras), ['barn'])
    for (const { json_attributes_path: path, json_attributes: names } of sensors) {
      t.equal(path, '$.cameras.barn')
      t.same(names.filter((name: string) => !(name in status.cameras.barn!)), [])
    }
    const [state, picture] = render([...sensors, ...binarySensors].map(({ value_template: template }) => template), { value_json: status })
    return [state, picture, ...render([toggle.state, toggle.availability], {}, { 'sensor.barn_camera_state': state! })]
  }
  await until('the camera runs', async () => (await look())[0] === 'running', 60_000)
  t.same(await look(), ['running', 'True', 'True', 'True'])
  await call(toggle.turn_off.action, toggle.turn_off.data)
  t.same(await look(), ['stopped', 'False', 'False', 'True'])

  const entity = (kind: string, { name }: { name: string }) => `${kind}.${name.toLowerCase().replaceAll(' ', '_')}`
  t.match(toggle.availability, entity('sensor', sensors[0]))
  t.same([...card.matchAll(/\w+\.barn\w*/g)].map(([name]) => name), ['camera.barn', entity('binary_sensor', binarySensors[0]), entity('switch', toggle)])

  const [page, login] = [readFileSync(join(packageRoot, 'docs/integrations/home-assistant.md'), 'utf8'), { username: 'home-assistant', password: PASSWORD }]
  const [live, still] = ['MJPEG URL', 'Still Image URL'].map(field => new RegExp(`^\\| ${field} \\| \`(.*)\` \\|$`, 'm').exec(page)![1]!)
  const image = await ask(still!, login)
  t.same([image.status, image.headers.get('content-type'), image.headers.get('x-camera-state')], [503, 'image/jpeg', 'stopped'], 'which it shows as a picture, and refuses when the camera is added')
  await call(toggle.turn_on.action, toggle.turn_on.data)
  await until('there is a picture', async () => (await ask(still!, login)).status === 200, 60_000)
  const stream = await ask(live!, login)
  t.match(stream.headers.get('content-type'), /^multipart\/x-mixed-replace; *boundary=/)
  await stream.body!.cancel()
  t.equal((await ask(`${CAMGATE}/camera/yard/snapshot`, login)).status, 404, 'the user has one camera')
})

interface Login { readonly username: string, readonly password: string }

/** What Home Assistant's templates say. */
const render = (templates: readonly string[], variables: object, states: Readonly<Record<string, string>> = {}): string[] =>
  JSON.parse(spawnSync(FLASK, [join(packageRoot, 'test/e2e/integrations/templates.py')], { input: JSON.stringify({ templates, variables, states }), encoding: 'utf8', timeout: 30_000 }).stdout)

interface Read { readonly number?: number, readonly age?: number, readonly state?: string }
const readsOf = (lines: readonly string[]) => lines.filter(line => line.startsWith('{')).map(line => JSON.parse(line) as Read)
const numbersOf = (lines: readonly string[]) => readsOf(lines).flatMap(({ number }) => number ?? [])

/** How many pictures of the camera lie between the first and the last of the first that a program has read. */
function distance (lines: readonly string[]): number {
  const numbers = numbersOf(lines).slice(0, READS)
  return numbers.slice(1).reduce((sum, number, i) => sum + (number - numbers[i]! + CLIP_PICTURES) % CLIP_PICTURES, 0)
}

/** Starts a program in Python, which ends with the test. Returns the lines that it prints, as they come. */
function run (t: Test, folder: string, ...args: string[]): string[] {
  const child = spawn(PYTHON, ['-u', ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  t.teardown(() => child.kill('SIGKILL'))
  const lines: string[] = []
  for (const output of [child.stdout, child.stderr]) createInterface(output).on('line', line => { lines.push(line) })
  return lines
}
