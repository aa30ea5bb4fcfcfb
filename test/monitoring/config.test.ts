import { cpSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import { alerts, folder, noPrometheus, objections, read } from './prometheus.js'

interface Compose {
  volumes: Record<string, unknown>
  services: Record<string, { image: string, ports: string[], volumes: string[], depends_on?: Record<string, { condition: string }> }>
}
interface PrometheusConfig {
  rule_files: string[]
  alerting: { alertmanagers: Array<{ static_configs: Array<{ targets: string[] }> }> }
  scrape_configs: Array<{ job_name: string, static_configs: Array<{ targets: string[] }>, basic_auth?: object }>
}
interface AlertmanagerConfig { inhibit_rules: Array<{ source_matchers: string[], target_matchers: string[] }> }

/** With the defaults of its variables. */
const compose = parse(read('compose.yaml').replace(/\$\{\w+:-(\w+)\}/g, '$1')) as Compose
const configOf = (file: string) => parse(read(file)) as PrometheusConfig
const targetsOf = ({ alerting, scrape_configs: scrapes }: PrometheusConfig) => [...alerting.alertmanagers, ...scrapes].flatMap(({ static_configs: configs }) => configs).flatMap(({ targets }) => targets)

t.test('prometheus.yml and alertmanager.yml', async t => {
  t.test('are accepted by the programs, with the files that they name', { skip: noPrometheus }, async t => {
    const copy = join(t.testdir({}), 'etc')
    cpSync(folder, copy, { recursive: true })
    cpSync(join(copy, 'alerts.yml'), join(copy, 'compose/alerts.yml'))
    writeFileSync(join(copy, 'camgate-password'), 'secret')
    for (const file of ['prometheus.yml', 'compose/prometheus.yml']) t.equal(objections('promtool', ['check', 'config', file], { cwd: copy }), '', file)
    t.equal(objections('amtool', ['check-config', 'alertmanager.yml'], { cwd: copy }), '')
  })

  t.test('mute only alerts that there are', async t => {
    const { inhibit_rules: inhibitions } = parse(read('alertmanager.yml')) as AlertmanagerConfig
    t.ok(inhibitions.length > 2)
    for (const matcher of inhibitions.flatMap(({ source_matchers: sources, target_matchers: targets }) => [...sources, ...targets])) {
      const names = /alertname (?:!?=|=~) "?([\w|.+]+)"?$/.exec(matcher)![1]!.split('|')
      for (const name of names) t.ok(alerts.some(({ alert }) => new RegExp(`^${name}$`).test(alert!)), matcher)
    }
  })

  t.test('call camgate as the alerts do', async t => {
    for (const file of ['prometheus.yml', 'compose/prometheus.yml']) t.same(configOf(file).scrape_configs.map(({ job_name: job }) => job), ['camgate'], file)
    t.match(read('alerts.yml'), 'up{job="camgate"}')
  })
})

t.test('compose.yaml of docs/monitoring', async t => {
  t.test('pins its images, and opens its ports to this machine only', async t => {
    for (const [name, { image, ports }] of Object.entries(compose.services)) {
      t.match(image, name === 'camgate' ? 'camgate' : /:v?\d+\.\d+\.\d+$/)
      for (const port of ports) t.match(port, /^127\.0\.0\.1:/, name)
    }
  })
  t.test('mounts files that are there, read-only, and volumes that it declares', async t => {
    for (const volume of Object.values(compose.services).flatMap(({ volumes }) => volumes)) {
      const [source = '', , mode] = volume.split(':')
      if (source.startsWith('.')) {
        t.ok(existsSync(join(folder, source)), `${source}: Docker would create a folder`)
        t.equal(mode, 'ro', source)
      } else t.ok(source in compose.volumes, source)
    }
  })
  t.test('lets its programs find each other', async t => {
    const named = [...targetsOf(configOf('compose/prometheus.yml')), /^ +url: http:\/\/(.*)$/m.exec(read('compose/grafana-datasource.yml'))![1]!]
    for (const [host, port] of named.map(target => target.split(':'))) t.ok(compose.services[host!]?.ports.some(mapping => mapping.endsWith(`:${port}`)), `${host}:${port}`)
    const [, folderOfDashboards] = /^ +path: (.*)$/m.exec(read('compose/grafana-dashboards.yml'))!
    t.ok(compose.services['grafana']!.volumes.includes(`./dashboard.json:${folderOfDashboards}/dashboard.json:ro`))
  })
})
