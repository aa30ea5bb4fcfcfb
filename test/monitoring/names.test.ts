import t from 'tap'
import { Exposition } from '../../src/metrics/exposition.js'
import { build } from '../http/build.js'
import { noPrometheus, objections, rules } from './prometheus.js'
import { dashboard, namesIn, queries } from './queries.js'

/** Added by Prometheus, when it scrapes and when it stores a histogram's buckets. */
const LABELS_OF_PROMETHEUS = ['job', 'instance', 'le']

const expressions = [
  ...rules.map(({ expr }) => expr), ...queries,
  ...dashboard.templating.list.flatMap(({ definition }) => definition?.replace(/^label_values\((.*), (\w+)\)$/, 'count by ($2) ($1)') ?? [])
]
const used = expressions.map(namesIn)

/** The names of all series, each with its labels. */
function seriesIn (text: string): Map<string, Set<string>> {
  const series = new Map<string, Set<string>>()
  for (const [, name, type] of text.matchAll(/^# TYPE (\S+) (\w+)$/gm)) {
    for (const suffix of type === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']) series.set(name! + suffix, new Set())
  }
  for (const [, name, labels = ''] of text.matchAll(/^(\w+)(?:\{(.*)\})? \S+$/gm)) for (const [, label] of labels.matchAll(/(\w+)="/g)) series.get(name!)!.add(label!)
  return series
}

t.test('the series of camgate', async t => {
  const { app, fleet, played } = await build(t)
  fleet.start()
  played.track('lab') // H.264 has a decoder
  played.coded(true, 'lab')
  played.exit() // a failure has a code
  const text = (await app.inject('/metrics')).body + await new Exposition({ describesProcess: true }).text()
  const series = seriesIn(text)

  t.test('satisfy promtool, save three names of prom-client', { skip: noPrometheus }, async t => {
    const lines = objections('promtool', ['check', 'metrics'], { input: text }).split('\n').filter(line => line !== '')
    t.same(lines.filter(line => !line.startsWith('nodejs_active_')), [])
    t.match(objections('promtool', ['check', 'metrics'], { input: 'camgate_things 1\n' }), 'camgate_things no help text')
  })
  t.test('include all that rules and dashboard name', async t => {
    const names = new Set(used.flatMap(({ series }) => series.map(([name]) => name)))
    t.ok(names.size > 20)
    t.same([...names].filter(name => !series.has(name)), [])
  })
  t.test('have the labels by which these select', async t => {
    const missing = used.flatMap(({ series: selected }) => selected).flatMap(([name, labels]) => labels
      .filter(label => !LABELS_OF_PROMETHEUS.includes(label) && !series.get(name)?.has(label)).map(label => `${name} has no ${label}`))
    t.same([...new Set(missing)], [])
  })
  t.test('have the labels by which these group and join', async t => {
    const labels = new Set([...LABELS_OF_PROMETHEUS, ...[...series.values()].flatMap(labels => [...labels])])
    t.same([...new Set(used.flatMap(({ grouping }) => grouping))].filter(label => !labels.has(label)), [])
  })
  t.test('about a camera are all in a rule or on the dashboard', async t => {
    const names = new Set(used.flatMap(({ series }) => series.map(([name]) => name)))
    t.same([...series].filter(([name, labels]) => labels.has('camera') && !names.has(name)).map(([name]) => name), [])
  })
})
