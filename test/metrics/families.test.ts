import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { packageRoot } from '../../src/package.js'
import { build } from '../http/build.js'

t.test('the names of series', async t => {
  const { app, fleet, played } = await build(t)
  fleet.start()
  played.attempts[0]!.onExit({ code: 'auth', message: 'Refused.' }) // every family has a series
  played.track('lab')
  played.coded(true, 'lab')
  const { body } = await app.inject('/metrics')
  const families = [...body.matchAll(/^# TYPE (\S+) (\w+)$/gm)].map(([, name, type]) => ({ name: name!, type: type! }))
  t.ok(families.length >= 18)
  t.test('begin with camgate, and end as Prometheus wants it', async t => {
    t.same(families.filter(({ name }) => !/^camgate(_[a-z]+)+$/.test(name)), [])
    t.same(families.filter(({ name, type }) => name.endsWith('_total') !== (type === 'counter')), [])
    t.same(families.filter(({ name }) => /_(ms|milliseconds|kb|bits|minutes|percent|ratio)\b/.test(name)), [], 'base units')
    t.same(families.filter(({ name }) => /_(bucket|sum|count)$/.test(name)), [])
    t.equal(new Set(families.map(({ name }) => name)).size, families.length)
  })
  t.test('are in docs/monitoring.md, with their labels', async t => {
    const rows = new Map([...readFileSync(join(packageRoot, 'docs/monitoring.md'), 'utf8').matchAll(/^\| (`camgate_.*?) \| (.*?) \|/gm)].flatMap(([, names, labels]) =>
      [...names!.matchAll(/`(\w+)`/g)].map(([, name]) => [name!, [...labels!.matchAll(/`(\w+)`/g)].map(([, label]) => label)] as const)))
    t.same(families.filter(({ name }) => !rows.has(name)).map(({ name }) => name), [], 'not in the table')
    t.same([...rows.keys()].filter(row => !families.some(({ name }) => name === row)), [], 'not in the code')
    const labelled = [...body.matchAll(/^(camgate_\w+?)(?:_bucket|_sum|_count)?\{(.*)\} /gm)].map(([, name, labels]) => ({ name: name!, labels: [...labels!.matchAll(/(\w+)="/g)].map(([, label]) => label!).filter(label => label !== 'le') }))
    t.same(labelled.filter(({ name, labels }) => String(labels) !== String(rows.get(name))), [])
  })
})
