import { spawnSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { cpSync, existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { parse } from 'yaml'
import { defaultCacheDir } from '../../src/clips/clip-cache.js'
import { packageRoot } from '../../src/package.js'
import { basicAuth } from '../passwords.js'
import { noBrowser, openBrowser } from './browser.js'
import { secret } from './credentials.js'
import { freePort } from './free-port.js'
import { cameraFile, PASSWORD, run, textsOf } from './integrations/page.js'
import { listenOnLoopback } from './loopback-server.js'
import { startService } from './service.js'
import { until } from './until.js'

/** As documented in docs/integrations. */
const CAMGATE = 'http://192.168.1.5:5000'
/** A virtual environment with Jinja2, which Flask needs. */
const FLASK = join(defaultCacheDir(), 'examples/bin/python')
const NODE_RED = join(defaultCacheDir(), 'node-red/node_modules/node-red/red.js')

const noNodeRed = !existsSync(NODE_RED) && `NOT TESTED: there is no Node-RED in ${defaultCacheDir()}. Run node test/setup.mjs, which prints what it lacks.`
const noJinja = spawnSync(FLASK, ['-c', 'import jinja2']).status !== 0 && `NOT TESTED: there is no Jinja2 in ${defaultCacheDir()}. Run node test/setup.mjs, which prints what it lacks.`

/** Home Assistant itself takes 400 MB and three minutes to install. So this sends what it sends, and renders its templates as it does. */
t.test('home-assistant.md', { skip: noJinja }, async t => {
  const [camgate = '', configuration = '', notify = '', automations = '', card = ''] = textsOf('home-assistant.md', 'yaml')
  const told: string[] = []
  const receiver = await listenOnLoopback(t, createServer(async (request, response) => {
    told.push(request.url!, await text(request))
    response.end()
  }))
  const folder = t.testdir({
    'cameras.yaml': `${notify.replace('192.168.1.7:8123', `127.0.0.1:${receiver}`).replace('1m', '0s')}${cameraFile(camgate, 'barn', 'yard')}  gone: { source: { type: simulated, fault: { kind: refuse } } }\n`
  })
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

  await until('it is told of the camera that fails', () => told.length === 2, 30_000)
  const [{ triggers: [trigger], actions: [{ data }] }] = parse(automations)
  t.equal(told[0], `/api/webhook/${trigger.webhook_id}`)
  t.same(render([data.title, data.message], { trigger: { json: JSON.parse(told[1]!) } }), ['A camera is down', 'gone'])

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

t.test('node-red.md', { skip: noNodeRed }, async t => {
  const [camgate = '', notify = ''] = textsOf('node-red.md', 'yaml')
  const port = await freePort()
  const folder = t.testdir({
    'cameras.yaml': cameraFile(notify.replace('192.168.1.6:1880', `127.0.0.1:${port}`) + camgate, 'barn'),
    'settings.cjs': 'module.exports = { uiHost: "127.0.0.1", flowFile: "flows.json", telemetry: { enabled: false } }\n'
  })
  cpSync(join(packageRoot, 'docs/integrations/node-red.json'), join(folder, 'flows.json'))
  const key = Buffer.from('a key of the webhooks, of 32 bytes or more')
  const webhooks = { CAMGATE_WEBHOOK_SECRET: `whsec_${key.toString('base64')}` }
  const service = await startService(t, { config: join(folder, 'cameras.yaml'), env: webhooks })
  const lines = run(t, folder, process.execPath, [NODE_RED, '--userDir', folder, '--settings', 'settings.cjs', '--port', String(port)], {
    CAMGATE_URL: service.url.slice(0, -1), CAMGATE_USER: 'node-red', CAMGATE_PASSWORD: PASSWORD, ...webhooks
  })
  const says = (pattern: RegExp) => until(`Node-RED says ${pattern}`, () => pattern.test(lines.join('\n')), 60_000).catch(error => { throw new Error(`${error}\n${lines.join('\n')}`) })
  const press = async (node: string) => { t.equal((await fetch(`http://127.0.0.1:${port}/inject/${node}`, { method: 'POST' })).status, 200) }
  const is = async (state: string) => await until(`the camera is ${state}`, async () => {
    const answer = await fetch(`${service.url}status/barn`, { headers: { Authorization: basicAuth('node-red', PASSWORD) } })
    return (await answer.json() as { state: string }).state === state
  }, 30_000)

  await says(/Started flows/)
  await until('there is a picture', () => existsSync(join(folder, 'barn.jpg')) && readFileSync(join(folder, 'barn.jpg')).includes(Buffer.from([0xff, 0xd9])), 60_000)
  await press('camgate-stop')
  await is('stopped')
  await press('camgate-every')
  await says(/\[debug:refused\]\s+.*stopped/)
  await says(/'?topic'?: 'camera\.stopped'/)
  await press('camgate-start')
  await is('running')

  const post = async (key: Buffer, ago = 0) => {
    const [body, time] = [JSON.stringify({ type: 'camera.down', timestamp: new Date().toISOString(), data: { cameras: [{ id: 'barn' }] } }), String(Math.floor(Date.now() / 1000) - ago)]
    const signature = createHmac('sha256', key).update(`msg_1.${time}.${body}`).digest('base64')
    return (await fetch(`http://127.0.0.1:${port}/camgate`, {
      method: 'POST', body, headers: { 'Content-Type': 'application/json', 'webhook-id': 'msg_1', 'webhook-timestamp': time, 'webhook-signature': `v1,${signature}` }
    })).status
  }
  t.same([await post(Buffer.from('another key')), await post(key, 600), await post(key)], [401, 401, 204])
  await says(/'?topic'?: 'camera\.down'/)
})

t.test('grafana.md', { skip: noBrowser }, async t => {
  const [[camgate = ''], [html = ''], [command = '']] = [textsOf('grafana.md', 'yaml'), textsOf('grafana.md', 'html'), textsOf('grafana.md', 'sh')]
  let page = ''
  const port = await listenOnLoopback(t, createServer((_, response) => response.setHeader('Content-Type', 'text/html').end(page)))
  const folder = t.testdir({ 'cameras.yaml': cameraFile(camgate, 'barn').replace('https://grafana.example.org', `http://grafana.test:${port}`) })
  const env = { CAMGATE_LINK_KEY: secret('a key of at least 32 characters') }
  const service = await startService(t, { config: join(folder, 'cameras.yaml'), env })
  const { stdout } = spawnSync('/bin/sh', ['-c', command.replace('camgate', `'${process.execPath}' '${join(packageRoot, 'dist/main.js')}'`).replace('https://cams.example.org', service.url)], { cwd: folder, env: { ...process.env, ...env, NODE_OPTIONS: '' }, encoding: 'utf8', timeout: 60_000 })
  t.match(stdout, '/camera/barn?exp=')
  page = `<!doctype html>${html.replace('LINK', stdout.trim().replaceAll('&', '&amp;'))}`
  const browser = await openBrowser(['--host-resolver-rules=MAP *.test 127.0.0.1'])
  t.teardown(() => browser.close())
  for (const [site, width] of [['grafana', 960], ['other', 0]] as const) {
    const tab = await browser.newPage()
    await tab.goto(`http://${site}.test:${port}/`, { waitUntil: 'domcontentloaded' })
    await until(`the picture is ${width} pixels wide at ${site}`, async () => await tab.evaluate('document.images[0].complete || document.images[0].naturalWidth > 0 ? document.images[0].naturalWidth : -1') === width, 60_000)
    await tab.close()
  }
})

interface Login { readonly username: string, readonly password: string }

/** What Home Assistant's templates say. */
const render = (templates: readonly string[], variables: object, states: Readonly<Record<string, string>> = {}): string[] =>
  JSON.parse(spawnSync(FLASK, [join(packageRoot, 'test/e2e/integrations/templates.py')], { input: JSON.stringify({ templates, variables, states }), encoding: 'utf8', timeout: 30_000 }).stdout)
