import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { hashPassword } from '../../src/logins/password.js'
import { basicAuth } from '../passwords.js'
import { secret } from './credentials.js'
import { listenOnLoopback } from './loopback-server.js'
import { NetworkNamespace, noNamespaces } from './network-namespace.js'
import { until } from './until.js'
import { startService, type ServiceOptions, type ServiceStatus } from './service.js'

const password = secret('horse')
const keys = { LINK_KEY: `${secret('link')}-0123456789abcdef0123456789`, JWT_SECRET: `${secret('jwt')}-0123456789abcdef0123456789` }
const yaml = (camera: string) => `
server:
  auth:
    users: { anna: { password: "\${HASH}", right: admin }, ben: { password: "\${HASH}", cameras: [2] } }
    links: { keys: { k1: "\${LINK_KEY}" } }
    jwt: { secret: "\${JWT_SECRET}" }
cameras:
  1: ${camera}
  2: { source: "rtsp://127.0.0.1:9/", enabled: false }
`

const start = (t: Test, text: string, options: Partial<ServiceOptions> = {}) => startService(t, { config: join(t.testdir({ 'cameras.yaml': text }), 'cameras.yaml'), ...options })

t.test('server.auth', async t => {
  const HASH = await hashPassword(password)
  const answers = Object.values({ ...keys, HASH })
  const camera = await listenOnLoopback(t, createServer((_, response) => { response.writeHead(400, `not with ${answers.join(' or ')}`).end() }))
  const service = await start(t, yaml(`http://127.0.0.1:${camera}/`), { env: { ...keys, HASH, LOG_LEVEL: 'trace' } })
  const ask = async (path: string, user?: string) => {
    const response = await fetch(new URL(path, service.url), user ? { headers: { authorization: basicAuth(user, password) } } : {})
    return { status: response.status, text: await response.text() }
  }

  t.test('keeps out who has no password', async t => {
    for (const path of ['status', 'camera/1', 'stop/1', 'status/nobody']) t.equal((await ask(path)).status, 401, path)
    t.equal((await ask('status', 'eve')).status, 401)
  })
  t.test('gives each user a right and cameras', async t => {
    const seen = async (user: string) => Object.keys((JSON.parse((await ask('status', user)).text) as ServiceStatus).cameras)
    t.same(await seen('anna'), ['1', '2'])
    t.same(await seen('ben'), ['2'])
    t.equal((await ask('status/1', 'ben')).status, 404)
    t.equal((await ask('stop/2', 'ben')).status, 403)
  })
  t.test('shows no hash and no key, even if a camera has learnt it', async t => {
    let text = ''
    await until('the camera has refused', async () => ({ text } = await ask('status/1', 'anna')).text.includes('not with'))
    t.match(text, /not with \*\*\*/)
    await service.end()
    const said = [service.stderr, ...['stdout', 'processes', 'answers'].map(kind => readFileSync(`${service.recording.path}.${kind}`, 'latin1'))].join('\n')
    t.match(said, /not with \*\*\*/)
    for (const answer of answers) t.notOk(said.includes(answer) || text.includes(answer))
  })
})

t.test('without auth', async t => {
  const text = 'cameras: { 1: { source: "rtsp://127.0.0.1:9/", enabled: false } }'
  t.test('everybody on this machine is an administrator', async t => {
    const service = await start(t, text)
    t.match(await (await fetch(new URL('session', service.url))).json(), { right: 'admin', cameras: 'all', login: false })
  })
  t.test('everybody else may control, if auth is none', { skip: noNamespaces }, async t => {
    const inside = new NetworkNamespace(t)
    const service = await start(t, text, { args: ['--host', '0.0.0.0'], env: { CAMGATE_AUTH: 'none' }, prefix: inside.enter })
    t.match(service.log.filter(({ level }) => level >= 40), [{ msg: /^Everybody who reaches 0\.0\.0\.0:\d+ can see every camera/ }])
    t.match(JSON.parse(await inside.fetch(new URL('session', service.url))), { right: 'control', cameras: 'all', login: false })
  })
})
