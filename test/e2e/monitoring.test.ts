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
  const service = await startService(t, { config: join(folder, 'cameras.yaml'), env: { HASH: await hashPassword(password) } })
  const alertmanager = await startAlertmanager(t, join(folder, 'alertmanager'), `http://127.0.0.1:${pager}/`)
  const query = await startPrometheus(t, join(folder, 'prometheus'), { camgate: new URL(service.url).host, alertmanager: `127.0.0.1:${alertmanager}` }, password)
  await until('Prometheus sees both cameras', async () => (await query('sum(camgate_camera_up)'))[0] === 2, 30_000, 100)

  await simulator.setFault('gate', { kind: 'refuse' })
  await until('somebody is paged', () => told('firing', 'gate') !== undefined, 30_000)
  t.match(told('firing', 'gate'), {
    labels: { alertname: 'CamgateCameraDown', camera: 'gate', name: 'Main gate', severity: 'critical', job: 'camgate', instance: new URL(service.url).host },
    annotations: { summary: 'Camera Main gate (gate) shows no picture.', description: /camgate doctor gate/ }
  })

  await simulator.setFault('gate', null)
  await until('somebody is told that it is back', () => told('resolved', 'gate') !== undefined, 60_000)
  t.match(told('resolved', 'gate'), { labels: { alertname: 'CamgateCameraDown', name: 'Main gate' } })
  t.equal(told('firing', 'yard'), undefined, 'the other camera was there all the time')
})
