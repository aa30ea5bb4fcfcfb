import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { parse, stringify } from 'yaml'
import { read, type Rules } from '../../monitoring/prometheus.js'
import { freePort } from '../free-port.js'
import { startProgram } from '../program.js'
import { until } from '../until.js'

interface PrometheusConfig {
  global: Record<string, string>
  alerting: { alertmanagers: Array<{ static_configs: Array<{ targets: string[] }> }> }
  scrape_configs: Array<{ static_configs: Array<{ targets: string[] }> }>
}
interface AlertmanagerConfig { route: Record<string, unknown>, receivers: Array<{ name: string }> }

/** The tests' `for` of an alert about one camera, which otherwise is minutes. */
const SOON = '1s'

/** Starts a program that answers at /-/ready once it is ready. It ends with the test. */
async function start (t: Test, program: string, args: readonly string[], url: string): Promise<void> {
  const { gone, said } = startProgram(t, program, args)
  const ready = until(`${program} is ready`, async () => (await fetch(`${url}/-/ready`).catch(() => undefined))?.ok === true, 30_000, 50)
  await Promise.race([ready, gone.then(() => { throw new Error(`${program} has ended: ${said()}`) })])
}

/** Debian's Alertmanager with docs/monitoring/alertmanager.yml, which posts to `pager` at once and has no mail server. Resolves with its port. */
export async function startAlertmanager (t: Test, folder: string, pager: string): Promise<number> {
  const port = await freePort()
  const config = parse(read('alertmanager.yml')) as AlertmanagerConfig
  Object.assign(config.route, { group_wait: '0s', group_interval: '1s' })
  const receivers = config.receivers.map(({ name }) => ({ name, webhook_configs: [{ url: pager, send_resolved: true }] }))
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'alertmanager.yml'), stringify({ ...config, receivers }))
  await start(t, 'prometheus-alertmanager', [
    `--config.file=${folder}/alertmanager.yml`, `--storage.path=${folder}/data`, `--web.listen-address=127.0.0.1:${port}`, '--cluster.listen-address='
  ], `http://127.0.0.1:${port}`)
  return port
}

export interface Targets { readonly camgate: string, readonly alertmanager: string }

/** Debian's Prometheus with docs/monitoring/prometheus.yml and alerts.yml, which looks every second. Resolves with a function that returns the values of a query. */
export async function startPrometheus (t: Test, folder: string, { camgate, alertmanager }: Targets, password: string): Promise<(query: string) => Promise<number[]>> {
  const port = await freePort()
  const config = parse(read('prometheus.yml')) as PrometheusConfig
  Object.assign(config.global, { scrape_interval: '1s', evaluation_interval: '1s' })
  config.alerting.alertmanagers[0]!.static_configs[0]!.targets = [alertmanager]
  config.scrape_configs[0]!.static_configs[0]!.targets = [camgate]
  const { groups } = parse(read('alerts.yml')) as Rules
  const sooner = groups.map(group => ({
    ...group, rules: group.rules.map(rule => rule.alert === 'CamgateCameraDown' ? { ...rule, for: SOON, keep_firing_for: SOON } : rule)
  }))
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'prometheus.yml'), stringify(config))
  writeFileSync(join(folder, 'alerts.yml'), stringify({ groups: sooner }))
  writeFileSync(join(folder, 'camgate-password'), `${password}\n`, { mode: 0o600 })
  const url = `http://127.0.0.1:${port}`
  await start(t, 'prometheus', [`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`, `--web.listen-address=127.0.0.1:${port}`], url)
  return async query => {
    const { data } = await (await fetch(`${url}/api/v1/query?query=${encodeURIComponent(query)}`)).json() as { data: { result: Array<{ value: [number, string] }> } }
    return data.result.map(({ value }) => Number(value[1]))
  }
}
