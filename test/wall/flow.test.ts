import t from 'tap'
import { Flow, type Sender } from '../../src/wall/flow.js'
import { FakeClock } from '../fake-clock.js'

/** A flow to a client that credits only what the test says. */
function connect (isSlow = false) {
  const clock = new FakeClock()
  const sent: string[] = []
  let accept = () => {}
  const flow = new Flow({
    text () {},
    picture (header, _bytes, done) {
      sent.push(String(header))
      if (isSlow) accept = done
      else done()
    }
  }, clock)
  const tile = (name: string, sizes: number[], priority = 0) => {
    const sender: Sender & { sizes: number[] } = {
      sizes,
      priority,
      servedAt: 0,
      ready: () => sizes[0] === undefined ? undefined : Buffer.alloc(sizes[0]),
      begin: () => Buffer.from(`${name}${sizes.shift()}`),
      sent () { if (sizes.length > 0) flow.add(sender) }
    }
    return sender
  }
  return { clock, flow, sent, tile, accept: () => { const done = accept; accept = () => {}; done() } }
}

t.test('a flow', async t => {
  t.test('gives each tile its turn', async t => {
    const { flow, sent, tile, accept } = connect(true)
    for (const [name, priority] of [['a', 0], ['b', 0], ['c', 1]] as const) flow.add(tile(name, [1, 2, 3], priority))
    t.same(sent, ['a1'], 'one picture at a time')
    for (let i = 0; i < 10; i++) accept()
    t.same(sent, ['a1', 'c1', 'c2', 'c3', 'b1', 'a2', 'b2', 'a3', 'b3'])
  })

  t.test('sends no more than the window, and goes on with the credit', async t => {
    const { flow, sent, tile } = connect()
    flow.add(tile('a', [260_000, 60_000, 3_000, 1]))
    t.same(sent, ['a260000'])
    flow.credit(20)
    t.equal(sent.length, 1)
    flow.credit(260_000)
    t.same(sent, ['a260000', 'a60000', 'a3000', 'a1'])
  })

  t.test('counts headers', async t => {
    const { flow, sent, tile } = connect()
    flow.add(tile('a', [256 * 1024 - 40, 1]))
    t.equal(sent.length, 1, '20 bytes are left, and one with its header has 21')
    flow.credit(1)
    t.equal(sent.length, 2)
  })

  t.test('forgets a tile that has nothing left', async t => {
    const { flow, sent, tile } = connect()
    const [none, other] = [tile('none', []), tile('other', [1])]
    flow.add(tile('first', [262_144]))
    for (const each of [none, other]) flow.add(each)
    flow.credit(300_000)
    t.same(sent, ['first262144', 'other1'])
    none.sizes.push(5)
    flow.credit(1)
    t.equal(sent.length, 2)
    flow.add(none)
    t.equal(sent.length, 3)
  })

  t.test('tells how long nothing has been credited', async t => {
    const { clock, flow, tile } = connect()
    t.equal(flow.uncreditedMs, 0)
    flow.add(tile('a', [100, 50]))
    clock.advance(3_000)
    t.equal(flow.uncreditedMs, 3_000)
    flow.credit(120)
    clock.advance(1_000)
    flow.credit(70)
    t.equal(flow.uncreditedMs, 0)
  })

  t.test('sends nothing after its end', async t => {
    const { flow, sent, tile, accept } = connect(true)
    flow.add(tile('a', [1, 2]))
    flow.end()
    accept()
    flow.add(tile('b', [1]))
    flow.credit(1)
    t.same(sent, ['a1'])
  })
})
