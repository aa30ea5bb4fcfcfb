import { join } from 'node:path'
import t from 'tap'
import { stringify } from 'yaml'
import { noPrometheus, objections } from './prometheus.js'
import { dashboard, panels, queries, withoutVariables } from './queries.js'

t.test('docs/monitoring/dashboard.json', async t => {
  t.test('has queries that Prometheus understands', { skip: noPrometheus }, async t => {
    t.ok(queries.length > 30)
    const rules = queries.map((query, index) => ({ record: `query_${index}`, expr: withoutVariables(query) }))
    const file = join(t.testdir({ 'queries.yml': stringify({ groups: [{ name: 'dashboard', rules }] }) }), 'queries.yml')
    t.equal(objections('promtool', ['check', 'rules', file]), '')
  })

  t.test('gives each panel an id, and a place of its own', async t => {
    t.equal(new Set(panels.map(({ id }) => id)).size, panels.length)
    const taken = new Map<string, string>()
    const overlaps: string[] = []
    for (const { title, gridPos: { x, y, w, h } } of panels) {
      t.ok(x >= 0 && x + w <= 24, title)
      for (let column = x; column < x + w; column++) {
        for (let line = y; line < y + h; line++) {
          const cell = `${column} ${line}`
          if (taken.has(cell)) overlaps.push(`${title} is on top of ${taken.get(cell)}`)
          taken.set(cell, title)
        }
      }
    }
    t.same(overlaps, [])
  })

  t.test('asks the Prometheus that is chosen above it, about the camgates and cameras that are chosen', async t => {
    t.same(dashboard.templating.list.map(({ name, type }) => [name, type]), [['datasource', 'datasource'], ['instance', 'query'], ['camera', 'query']])
    for (const { title, datasource, targets = [] } of panels.filter(({ type }) => type !== 'row')) {
      for (const { uid } of [datasource!, ...targets.map(({ datasource }) => datasource)]) t.match(uid, /^\$\{datasource\}$/, title)
      t.equal(new Set(targets.map(({ refId }) => refId)).size, targets.length, title)
    }
    const known = new Set([...dashboard.templating.list.map(({ name }) => name), '__rate_interval', '__range'])
    for (const query of queries) {
      t.match(query, /instance=~"\$instance"/)
      t.same([...query.matchAll(/\$(\w+)/g)].map(([, name]) => name!).filter(name => !known.has(name)), [], query)
    }
  })
})
