import { readdirSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { startService } from './service.js'
import { until } from './until.js'

const FILES = 256
const CLIENTS = 400

t.test('more clients than files', { timeout: 120_000, skip: process.platform !== 'linux' && 'NOT TESTED: there is no /proc' }, async t => {
  const config = t.testdir({ 'cameras.yaml': 'cameras: { 1: { source: { type: simulated } }, 2: { source: { type: simulated } } }' })
  const service = await startService(t, { config: join(config, 'cameras.yaml'), prefix: ['sh', '-c', `ulimit -n ${FILES}; exec "$0" "$@"`] })
  const run = () => service.until(({ cameras }) => ['1', '2'].every(id => cameras[id]?.state === 'running'), 'both cameras run', 60_000)
  await run()
  const url = new URL(service.url)
  const clients: Socket[] = []
  t.teardown(() => { for (const client of clients) client.destroy() })
  for (let i = 0; i < CLIENTS; i++) {
    const client = connect(Number(url.port), url.hostname).on('error', () => {}).pause()
    client.write(`GET /camera/${1 + i % 2} HTTP/1.1\r\nHost: x\r\n\r\n`)
    clients.push(client)
  }
  const full = () => service.log.filter(({ msg }) => /as many connections as/.test(msg))
  await until('the limit is reached', () => full().length > 0)
  t.match(full(), [{ level: 40, msg: /\(144\).*ulimit -n/ }])
  const files = () => readdirSync(`/proc/${service.pid}/fd`).length
  t.ok(files() < FILES - 40, `${files()} files are open`)

  const restart = async (id: string) => await fetch(`${service.url}restart/${id}`, { method: 'POST' }).then(answer => answer.status, () => 0)
  for (const id of ['1', '2']) await t.resolves(until(`camera ${id} is restarted`, async () => await restart(id) === 200))
  await t.resolves(run(), 'camgate still has the files that it needs')
  const { cameras } = await service.status()
  t.equal(cameras['1']!.viewers + cameras['2']!.viewers, 110, 'the others are refused: 16 connections are left for control, and 18 for events')
  t.equal(full().length, 1, 'with one line in the log')
})
