import t from 'tap'
import { ByteWindow } from '../../src/wall/byte-window.js'

const KIB = 1024

t.test('a byte window', async t => {
  t.test('admits 256 KiB at first, and a larger picture if nothing else is on its way', async t => {
    const window = new ByteWindow()
    t.ok(window.admits(300 * KIB))
    window.send(100 * KIB, 0)
    t.ok(window.admits(156 * KIB))
    t.notOk(window.admits(156 * KIB + 1))
    window.credit(100 * KIB, 10)
    t.ok(window.admits(300 * KIB))
  })

  t.test('takes credits in any pieces, and none for what was not sent', async t => {
    const window = new ByteWindow()
    window.send(100, 5)
    window.send(50, 6)
    window.credit(99, 10)
    t.equal(window.oldestAt, 5)
    window.credit(1, 10)
    t.equal(window.oldestAt, 6)
    window.credit(1_000_000_000, 10)
    t.equal(window.oldestAt, undefined)
    window.send(256 * KIB, 20)
    t.notOk(window.admits(1), 'the rest was not saved up')
  })

  t.test('grows by what is credited while it holds pictures up, to 4 MiB', async t => {
    const window = new ByteWindow()
    let now = 0
    const round = (wanting: number) => {
      const bytes = window.bytes
      window.send(bytes, now)
      if (wanting > 0) window.admits(wanting)
      window.credit(bytes, now += 20)
    }
    round(1)
    t.equal(window.bytes, 512 * KIB)
    round(0)
    t.equal(window.bytes, 512 * KIB, 'it was no obstacle')
    for (let i = 0; i < 10; i++) round(1)
    t.equal(window.bytes, 4_096 * KIB)
  })

  t.test('shrinks once a round trip while pictures come back late, to 32 KiB', async t => {
    const window = new ByteWindow()
    window.send(1_000, 0)
    window.credit(1_000, 40) // the quickest
    window.send(1_000, 100)
    window.credit(1_000, 100 + 40 + 250)
    t.equal(window.bytes, 256 * KIB, 'that is not late')
    window.send(1_000, 1_000)
    window.send(1_000, 1_001)
    window.credit(1_000, 1_300)
    t.equal(window.bytes, 192 * KIB)
    window.credit(1_000, 1_310)
    t.equal(window.bytes, 192 * KIB, 'this one was sent before')
    for (let i = 2; i < 20; i++) {
      window.send(1_000, i * 1_000)
      window.credit(1_000, i * 1_000 + 400)
    }
    t.equal(window.bytes, 32 * KIB)
  })

  t.test('does not take a long way for a queue', async t => {
    const window = new ByteWindow()
    for (let i = 0; i < 10; i++) {
      window.send(1_000, i * 1_000)
      window.credit(1_000, i * 1_000 + 700) // a satellite
    }
    t.equal(window.bytes, 256 * KIB)
  })
})
