import t from 'tap'
import { JpegPath } from '../../../src/view/paths/jpeg.js'
import type { EngineHost, Picture } from '../../../src/view/paths/path.js'

interface Decoding { readonly bytes: number[], resolve (): void, reject (error: Error): void }

/** A path whose decoder finishes when the test says so. */
function setUp () {
  const [decodings, painted, done, failures, closed]: [Decoding[], number[], number[], string[], number[]] = [[], [], [], [], []]
  const host = {
    paint: ({ seq }: Picture['header']) => { painted.push(seq) },
    failed: (reason: string) => { failures.push(reason) }
  } as unknown as EngineHost
  const path = new JpegPath(host, async blob => {
    const bytes = [...new Uint8Array(await blob.arrayBuffer())]
    return await new Promise((resolve, reject) => {
      decodings.push({ bytes, resolve: () => resolve({ close: () => { closed.push(bytes[0]!) } } as unknown as ImageBitmap), reject })
    })
  })
  const settle = () => new Promise(resolve => { setImmediate(() => setImmediate(resolve)) })
  const add = async (seq: number) => {
    path.add({ header: { seq } as Picture['header'], data: Uint8Array.of(seq), done: () => { done.push(seq) } })
    await settle()
  }
  const next = async (act: (decoding: Decoding) => void) => {
    act(decodings.at(-1)!)
    await settle()
  }
  return { path, decodings, painted, done, failures, closed, add, next }
}

t.test('JPEGs by the socket', async t => {
  t.test('are decoded one at a time, and only the newest waits', async t => {
    const { decodings, painted, done, add, next } = setUp()
    for (const seq of [1, 2, 3]) await add(seq)
    t.same(decodings.map(({ bytes }) => bytes), [[1]])
    t.same(done, [2], 'what a newer one replaced is credited at once')
    await next(({ resolve }) => resolve())
    t.same([painted, done], [[1], [2, 1]], 'what was decoded is credited after that')
    await next(({ resolve }) => resolve())
    t.same(decodings.map(({ bytes }) => bytes), [[1], [3]])
    t.same([painted, done], [[1, 3], [2, 1, 3]])
  })
  t.test('may be broken now and then', async t => {
    const { painted, done, failures, add, next } = setUp()
    for (let seq = 0; seq < 9; seq++) {
      await add(seq)
      await next(({ reject }) => reject(new Error('broken')))
    }
    await add(9)
    await next(({ resolve }) => resolve())
    await add(10)
    await next(({ reject }) => reject(new Error('broken')))
    t.same([painted, failures], [[9], []])
    t.equal(done.length, 11)
  })
  t.test('are given up if ten in a row cannot be decoded', async t => {
    const { failures, add, next } = setUp()
    for (let seq = 0; seq < 12; seq++) {
      await add(seq)
      await next(({ reject }) => reject(new Error('broken')))
    }
    t.equal(failures.length, 1)
  })
  t.test('are credited, and freed, when the path is closed', async t => {
    const { path, painted, done, closed, add, next } = setUp()
    await add(1)
    await add(2)
    path.close()
    t.same(done, [2])
    await next(({ resolve }) => resolve())
    t.same([painted, done, closed], [[], [2, 1], [1]])
  })
})
