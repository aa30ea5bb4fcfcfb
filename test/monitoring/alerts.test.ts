import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { parse, stringify } from 'yaml'
import { packageRoot } from '../../src/package.js'
import { alerts, folder, noPrometheus, objections, read, rules } from './prometheus.js'

interface UnitTests {
  tests: Array<{ promql_expr_test?: Array<{ exp_samples?: Array<{ labels?: string }> }>, alert_rule_test?: Array<{ alertname: string, exp_alerts?: unknown[] }> }>
}

/** The cameras of one camgate, of which the first go down after 5 minutes, and how many alerts of each kind fire at 10 minutes. */
const outage = (cameras: number, down: number, firing: Readonly<Record<string, number>>) => {
  const ids = Array.from({ length: cameras }, (_, index) => index)
  const series = (name: string, labels: string, values: string) => ({ series: `${name}{job="camgate", instance="lab:5000", ${labels}}`, values })
  return {
    name: `${down} of ${cameras} cameras`,
    interval: '30s',
    input_series: [
      { series: 'up{job="camgate", instance="lab:5000"}', values: '1x30' },
      ...ids.flatMap(id => [
        series('camgate_camera_info', `camera="${id}", name="Camera ${id}"`, '1x30'),
        series('camgate_camera_enabled', `camera="${id}"`, '1x30'),
        series('camgate_camera_up', `camera="${id}"`, id < down ? '1x10 0x20' : '1x30')
      ])
    ],
    promql_expr_test: [{
      expr: 'count by (alertname) (ALERTS{alertstate="firing"})',
      eval_time: '10m',
      exp_samples: Object.entries(firing).map(([alertname, value]) => ({ labels: `{alertname="${alertname}"}`, value }))
    }]
  }
}

/** Runs promtool's unit tests of alerts.yml. */
function testRules (t: Test, tests: object[]) {
  const file = join(t.testdir({ 'some.test.yml': stringify({ rule_files: [join(folder, 'alerts.yml')], evaluation_interval: '30s', tests }) }), 'some.test.yml')
  t.equal(objections('promtool', ['test', 'rules', file]), '')
}

t.test('docs/monitoring/alerts.yml', async t => {
  t.test('passes its unit tests', { skip: noPrometheus }, async t => {
    t.equal(objections('promtool', ['check', 'rules', 'alerts.yml']), '')
    t.equal(objections('promtool', ['test', 'rules', 'alerts.test.yml']), '')
  })

  t.test('has one alert in place of many only if many cameras are down, in number and in proportion', { skip: noPrometheus }, async t => {
    testRules(t, [
      outage(8, 4, { CamgateCameraDown: 4 }),
      outage(8, 5, { CamgateCameraDown: 5, CamgateManyCamerasDown: 1 }),
      outage(60, 5, { CamgateCameraDown: 5 }),
      outage(60, 6, { CamgateCameraDown: 6, CamgateManyCamerasDown: 1 })
    ])
  })

  t.test('has a unit test of each alert, in which it fires', async t => {
    const { tests } = parse(read('alerts.test.yml')) as UnitTests
    const firing = new Set(tests.flatMap(({ promql_expr_test: queries = [], alert_rule_test: ones = [] }) => [
      ...queries.flatMap(({ exp_samples: samples = [] }) => samples.map(({ labels = '' }) => /alertname="(\w+)"/.exec(labels)?.[1])),
      ...ones.filter(({ exp_alerts: expected = [] }) => expected.length > 0).map(({ alertname }) => alertname)
    ]))
    t.same(alerts.map(({ alert }) => alert).filter(alert => !firing.has(alert)), [])
  })

  t.test('says of each alert how bad it is, what has happened, what to do, and where more is written', async t => {
    const page = readFileSync(join(packageRoot, 'docs/monitoring.md'), 'utf8')
    const sections = [...page.matchAll(/^### (.*)$/gm)].map(([, heading]) => heading)
    t.same(sections, alerts.map(({ alert }) => alert), 'docs/monitoring.md has a section for each, in the same order')
    for (const { alert = '', labels, annotations } of alerts) {
      t.match(labels, { severity: /^(critical|warning)$/ }, alert)
      t.match(annotations, { summary: /\.$/, description: /\.$/, runbook: `docs/monitoring.md#${alert.toLowerCase()}` }, alert)
    }
  })

  t.test('names a camera in everything that is said about it', async t => {
    for (const { alert = '', expr, annotations } of alerts.filter(({ annotations }) => annotations!['summary']!.includes('$labels.camera'))) {
      t.match(annotations!['summary'], /\$labels\.name/, alert)
      t.match(expr, /group_left \(name\)|camera:camgate_camera_down:bool/, `${alert} gets the name from camgate_camera_info`)
    }
  })

  t.test('keeps the alert of many cameras longer than those that it mutes, so that they are not sent after it', async t => {
    const seconds = (duration = '0s') => Number.parseInt(duration) * (duration.endsWith('m') ? 60 : 1)
    const [many, one] = ['CamgateManyCamerasDown', 'CamgateCameraDown'].map(name => rules.find(({ alert }) => alert === name)!)
    t.ok(seconds(many!.for) < seconds(one!.for), 'and begins sooner')
    t.ok(seconds(many!.keep_firing_for) > seconds(one!.keep_firing_for))
  })
})
