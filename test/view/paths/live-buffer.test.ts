import t from 'tap'
import { LiveBuffer } from '../../../src/view/paths/mse/live-buffer.js'

/** A MediaSource whose SourceBuffer does what the test says. */
class FakeSource extends EventTarget {
  readyState = 'open'
  type = ''
  /** What was done, in order: bytes added, or the end of what was removed. */
  readonly done: string[] = []
  fails: DOMException | undefined
  readonly buffer = Object.assign(new EventTarget(), {
    updating: false,
    appendBuffer: (bytes: Uint8Array) => {
      if (this.fails) throw this.fails
      this.#begin(`add ${bytes[0]}`)
    },
    remove: (from: number, to: number) => { this.#begin(`remove ${from}-${to}`) },
    changeType: (type: string) => { this.done.push(`change ${type}`) }
  })

  addSourceBuffer (type: string) {
    if (type === 'unknown') throw new DOMException('no', 'NotSupportedError')
    this.type = type
    return this.buffer
  }

  open (): void { this.dispatchEvent(new Event('sourceopen')) }

  end (): void {
    this.buffer.updating = false
    this.buffer.dispatchEvent(new Event('updateend'))
  }

  #begin (what: string): void {
    if (this.buffer.updating) throw new DOMException('busy', 'InvalidStateError')
    this.done.push(what)
    this.buffer.updating = true
  }
}

function setUp (type = 'video/mp4') {
  const source = new FakeSource()
  const failures: string[] = []
  const added: number[] = []
  const video = { currentTime: 0 }
  const buffer = new LiveBuffer(source as unknown as MediaSource, type, () => video.currentTime, reason => { failures.push(reason) })
  const add = (number: number, time = number, key = false) => { buffer.add({ bytes: Uint8Array.of(number), time, key, added: () => { added.push(number) } }) }
  return { source, failures, added, video, buffer, add }
}
const full = new DOMException('full', 'QuotaExceededError')

t.test('the buffer of a live video', async t => {
  t.test('adds its pieces in order, one at a time, once the source is open', async t => {
    const { source, added, add } = setUp()
    add(1)
    add(2)
    t.same(source.done, [])
    source.open()
    add(3)
    t.same(source.done, ['add 1'])
    t.same(added, [])
    source.end()
    source.end()
    t.same(source.done, ['add 1', 'add 2', 'add 3'])
    t.same(added, [1, 2])
  })

  t.test('waits for the event of each piece, which Firefox sends after it has finished', async t => {
    const { source, added, add } = setUp()
    source.open()
    add(1)
    source.buffer.updating = false
    add(2)
    t.same(source.done, ['add 1'])
    source.end()
    source.end()
    t.same(added, [1, 2])
  })

  t.test('removes what was shown more than ten seconds ago, up to the key picture of what is on the screen', async t => {
    const { source, video, add } = setUp()
    source.open()
    for (const time of [0, 4, 8, 12, 16]) {
      add(time, time, true)
      source.end()
    }
    video.currentTime = 11.9
    add(17)
    source.end()
    t.notOk(source.done.some(what => what.startsWith('remove')), 'ten seconds stay')
    video.currentTime = 15.9
    add(18)
    t.equal(source.done.at(-1), 'remove 0-11.9995')
    source.end()
    t.equal(source.done.at(-1), 'add 18')
  })

  t.test('never removes the group on the screen, however long it is', async t => {
    const { source, video, add } = setUp()
    source.open()
    add(0, 0, true)
    source.end()
    video.currentTime = 300
    add(1, 300)
    t.same(source.done, ['add 0', 'add 1'])
  })

  t.test('makes room when the browser has none, and adds the piece then', async t => {
    const { source, video, failures, add } = setUp()
    source.open()
    for (const time of [0, 2]) {
      add(time, time, true)
      source.end()
    }
    video.currentTime = 3
    source.fails = full
    add(3)
    t.equal(source.done.at(-1), 'remove 0-1.9995')
    source.fails = undefined
    source.end()
    t.equal(source.done.at(-1), 'add 3')
    t.same(failures, [])
  })

  t.test('fails when there is nothing more to remove', async t => {
    const { source, failures, add } = setUp()
    source.open()
    add(0, 0, true)
    source.end()
    source.fails = full
    add(1)
    t.match(failures, [/full/])
  })

  t.test('fails with the browser\'s reason', async t => {
    const { source, failures } = setUp('unknown')
    source.open()
    t.match(failures, [/no$/])
    const other = setUp()
    other.source.open()
    other.source.buffer.dispatchEvent(new Event('error'))
    t.equal(other.failures.length, 1)
  })

  t.test('changes its type only to another', async t => {
    const { source, buffer } = setUp('a')
    source.open()
    buffer.change('a')
    buffer.change('b')
    buffer.change('b')
    t.same(source.done, ['change b'])
  })

  t.test('is done with every piece when it is closed, and then does nothing more', async t => {
    const { source, added, failures, buffer, add } = setUp()
    source.open()
    add(1)
    add(2)
    buffer.close()
    source.end()
    source.buffer.dispatchEvent(new Event('error'))
    t.same(added, [1, 2])
    t.same(source.done, ['add 1'])
    t.same(failures, [])
  })
})
