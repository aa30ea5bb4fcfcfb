import { createServer } from 'node:http'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import t from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { hashPassword } from '../../src/logins/password.js'
import { startSimulator } from '../../src/simulator/simulator.js'
import { noPrometheus } from '../monitoring/prometheus.js'
import { small } from '../simulator/small.js'
import { secret } from './credentials.js'
import { freePort } from './free-port.js'
import { listenOnLoopback } from './loopback-server.js'
import { startAlertmanager, startPrometheus } from './monitoring/programs.js'
import { startService } from './service.js'
import { until } from './until.js'

interface Page {
  readonly receiver: string
  readonly alerts: ReadonlyArray<{ readonly status: 'firing' | 'resolved', readonly labels: Readonly<Record<string, string>>, readonly annotations: Readonly<Record<string, string>> }>
}

const password = secret('of Prometheus')

t.test('Prometheus pages somebody when a camera goes away, and says when it is back', { skip: noPrometheus, timeout: 120_000 }, async t => {
  const pages: Page[] = []
  const pager = await listenOnLoopback(t, createServer(async (request, response) => {
    pages.push(await json(request) as Page)
    response.end()
  }))
  const told = (status: string, camera: string) => pages.flatMap(({ alerts }) => alerts).find(({ status: one, labels }) => one === status && labels['camera'] === camera)

  const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, cameras: ['gate', 'yard'].map(id => ({ ...small, id })) })
  t.teardown(() => simulator.close())
  const folder = t.testdir({
    'cameras.yaml': `
server: { auth: { users: { prometheus: { password: "\${HASH}", right: view, cameras: all } } } }
cameras:
  gate: { name: Main gate, source: "${simulator.url('gate')}" }
  yard: { name: Yard, source: "${simulator.url('yard')}" }
`
  })
  const port = await freePort()
  const address = `127.0.0.1:${port}`
  const [query] = await Promise.all([ // at once, because Prometheus waits for 5 seconds before it looks for the first time
    startAlertmanager(t, join(folder, 'alertmanager'), `http://127.0.0.1:${pager}/`)
      .then(alertmanager => startPrometheus(t, join(folder, 'prometheus'), { camgate: address, alertmanager: `127.0.0.1:${alertmanager}` }, password)),
    startService(t, { config: join(folder, 'cameras.yaml'), args: ['--port', String(port)], env: { HASH: await hashPassword(password) } })
  ])
  await until('Prometheus sees both cameras, and no alert', async () => (await query('sum(camgate_camera_up) unless on () ALERTS'))[0] === 2, 60_000, 100)
  pages.length = 0 // an alert about a start that took longer than those seconds

  await simulator.setFault('gate', { kind: 'refuse' })
  await until('somebody is paged', () => told('firing', 'gate') !== undefined, 30_000)
  t.match(told('firing', 'gate'), {
    labels: { alertname: 'CamgateCameraDown', camera: 'gate', name: 'Main gate', severity: 'critical', job: 'camgate', instance: address },
    annotations: { summary: 'Camera Main gate (gate) shows no picture.', description: /camgate doctor gate/ }
  })

  await simulator.setFault('gate', null)
  await until('somebody is told that it is back', () => told('resolved', 'gate') !== undefined, 60_000)
  t.match(told('resolved', 'gate'), { labels: { alertname: 'CamgateCameraDown', name: 'Main gate' } })
  t.equal(told('firing', 'yard'), undefined, 'the other camera was there all the time')
})

t.test('Alertmanager does not say again what one cause explains', { skip: noPrometheus, timeout: 60_000 }, async t => {
  const pager = await listenOnLoopback(t, createServer((_request, response) => { response.end() }))
  const api = `http://127.0.0.1:${await startAlertmanager(t, join(t.testdir({}), 'alertmanager'), `http://127.0.0.1:${pager}/`)}/api/v2/alerts`
  const alert = (alertname: string, instance: string, camera = '') => ({ alertname, instance, camera })
  const causes = [alert('CamgateDown', 'gone:5000'), alert('CamgateManyCamerasDown', 'switch:5000'), alert('CamgateCameraPasswordRefused', 'lab:5000', 'yard')]
  const explained = [
    alert('CamgateCameraDown', 'gone:5000', '1'), alert('CamgateReloadFailed', 'gone:5000'),
    alert('CamgateCameraDown', 'switch:5000', '1'), alert('CamgateCameraFlapping', 'switch:5000', '2'),
    alert('CamgateCameraDown', 'lab:5000', 'yard')
  ]
  const others = [alert('CamgateCameraDown', 'lab:5000', 'gate'), alert('CamgateReloadFailed', 'switch:5000'), alert('CamgateCameraDown', 'farm:5000', 'yard')]
  const alerts = [...causes, ...explained, ...others].map(labels => ({ labels }))
  await fetch(api, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(alerts) })

  const namesOf = (all: Array<Readonly<Record<string, string>>>) => all.map(({ alertname, instance, camera = '' }) => `${alertname} ${instance} ${camera}`).sort()
  const suppressed = async () => {
    const all = await (await fetch(api)).json() as Array<{ labels: Record<string, string>, status: { state: string } }>
    t.equal(all.length, alerts.length)
    return namesOf(all.filter(({ status: { state } }) => state === 'suppressed').map(({ labels }) => labels))
  }
  await until('Alertmanager has compared them', async () => (await suppressed()).length === explained.length, 20_000, 50).catch(() => {})
  t.same(await suppressed(), namesOf(explained))
})
