import t from 'tap'
import { Exposition } from '../../src/metrics/exposition.js'
import type { Family } from '../../src/metrics/family.js'

const linesOf = (text: Buffer) => text.toString().split('\n').filter(line => line !== '')
const family = (samples: Family['samples'], more: Partial<Family> = {}): Family => ({ name: 'camgate_things_total', type: 'counter', help: 'Things.', samples, ...more })

t.test('an exposition', async t => {
  t.test('writes each family with its help and type, also one without series', async t => {
    const exposition = new Exposition()
    exposition.add([family(() => [{ labels: { camera: '1', what: 'x' }, value: 2 }, { value: 0.5 }])])
    exposition.add([family(() => [], { name: 'camgate_rest', type: 'gauge', help: 'Rest.' })])
    t.equal(String(await exposition.text()), `# HELP camgate_things_total Things.
# TYPE camgate_things_total counter
camgate_things_total{camera="1",what="x"} 2
camgate_things_total 0.5

# HELP camgate_rest Rest.
# TYPE camgate_rest gauge
`)
  })
  t.test('reads the values anew each time', async t => {
    let value = 1
    const exposition = new Exposition()
    exposition.add([family(() => value < 3 ? [{ value }] : [])])
    t.same(linesOf(await exposition.text()).slice(2), ['camgate_things_total 1'])
    value = 2
    t.same(linesOf(await exposition.text()).slice(2), ['camgate_things_total 2'])
    value = 3
    t.same(linesOf(await exposition.text()).slice(2), [])
  })
  t.test('escapes labels, so that a name adds no series', async t => {
    const exposition = new Exposition()
    const name = 'a"} 1\ncamgate_camera_up{camera="2\\'
    exposition.add([family(() => [{ labels: { name }, value: 1 }])])
    t.same(linesOf(await exposition.text()).slice(2), [String.raw`camgate_things_total{name="a\"} 1\ncamgate_camera_up{camera=\"2\\"} 1`])
  })
  t.test('is written once for all who ask meanwhile, and once more for whoever asks later', async t => {
    let reads = 0
    const exposition = new Exposition()
    exposition.add([family(() => [{ value: ++reads }])])
    const [one, other] = await Promise.all([exposition.text(), exposition.text()])
    t.equal(one, other, 'and its bytes are kept once')
    t.equal(reads, 1)
    await exposition.text()
    t.equal(reads, 2)
  })
  t.test('lets other work be done between two families', async t => {
    const order: string[] = []
    const exposition = new Exposition()
    exposition.add(['one', 'two'].map(name => family(() => {
      order.push(name)
      setImmediate(() => order.push(`after ${name}`))
      return []
    }, { name: `camgate_${name}` })))
    await exposition.text()
    t.same(order.slice(0, 3), ['one', 'after one', 'two'])
  })
  t.test('fails for whoever asks if a family does, and not the next time', async t => {
    let fails = true
    const exposition = new Exposition()
    exposition.add([family(() => { if (fails) throw new Error('broken'); return [] })])
    await t.rejects(exposition.text(), { message: 'broken' })
    fails = false
    await t.resolves(exposition.text())
  })
})
