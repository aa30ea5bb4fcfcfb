import t from 'tap'
import type { Delivery } from '../../src/simulator/delivery.js'
import { cutting, losing, swapping, withImpairment } from '../../src/simulator/impairment.js'
import { madeUpClip } from './small.js'

const numbered = Array.from({ length: 200 }, (_, index) => Buffer.from([index]))

t.test('impaired packets', async t => {
  t.test('get lost, every 97th', async t => {
    const lose = losing()
    const arrived = numbered.flatMap(packet => lose(packet))
    t.same(numbered.filter(packet => !arrived.includes(packet)).map(([number]) => number), [96, 193])
  })
  t.test('end halfway, every 97th', async t => {
    const cut = cutting()
    const arrived = Array.from({ length: 100 }, () => Buffer.alloc(10)).flatMap(packet => cut(packet))
    t.same(arrived.flatMap(({ length }, index) => length < 10 ? [[index, length]] : []), [[96, 5]])
  })
  t.test('overtake each other, and none is lost', async t => {
    const swap = swapping()
    const arrived = numbered.slice(0, 25).flatMap(packet => swap(packet)).map(([number]) => number)
    t.same(arrived.slice(7, 22), [7, 8, 10, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 21, 20])
    t.equal(arrived.length, 25)
  })
  t.test('are delivered as what is left of them', async t => {
    const sent: Array<Parameters<Delivery['send']>> = []
    const delivery: Delivery = { channel: 6, full: true, send: (...given) => { sent.push(given) }, report () {}, close () {} }
    let count = 0
    const worse = withImpairment(delivery, packet => count++ === 1 ? [] : [packet])
    t.match(worse, { channel: 6, full: true })
    const { bytes, packets } = madeUpClip(7).pictures[3]!
    worse.send(bytes, packets)
    t.same(sent, [[bytes.subarray(0, 52), [{ offset: 0, size: 26 }, { offset: 26, size: 26 }]]])
  })
})
