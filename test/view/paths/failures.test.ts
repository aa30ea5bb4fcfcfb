import t from 'tap'
import { Failures } from '../../../src/view/paths/failures.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

function setUp () {
  const time = { now: 1e12 }
  const clock = { wall: () => time.now }
  const kept = new Map<string, string>()
  const store = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => { kept.set(key, value) } }
  return { time, clock, kept, of: (camera: string, base = 'http://a/', use: () => typeof store = () => store) => new Failures(base, camera, clock, use) }
}

t.test('the memory of what has failed', async t => {
  t.test('lets a way be tried again after a minute, two, four, and at last every half hour', async t => {
    const { time, of } = setUp()
    const failures = of('1')
    for (const minutes of [1, 2, 4, 8, 16, 30, 30]) {
      failures.note('mse', 'It broke.')
      t.equal(failures.retryIn, minutes * MINUTE)
      time.now += minutes * MINUTE - 1
      t.equal(failures.reason('mse'), 'It broke.')
      time.now++
      t.equal(failures.reason('mse'), undefined)
      t.equal(failures.retryIn, undefined)
    }
  })
  t.test('takes little room in the storage of the page\'s site, whatever an evil camgate sends', async t => {
    const { kept, of } = setUp()
    of('1').note('mse', `This browser does not play ${'x'.repeat(1_000_000)} in <video>.`)
    t.match(of('1').reason('mse'), /^This browser does not play x+/)
    t.ok([...kept.values()].join('').length < 1_000)
  })
  t.test('outlives the page, and is over after a day', async t => {
    const { time, of } = setUp()
    for (let times = 0; times < 9; times++) of('1').note('mse', 'It broke.')
    t.equal(of('1').reason('mse'), 'It broke.')
    time.now += 25 * HOUR
    const later = of('1')
    later.note('mse', 'Again.')
    t.equal(later.retryIn, MINUTE, 'it counts from the start')
  })
  t.test('is of one camera of one camgate, but its socket is the same for all its cameras', async t => {
    const { of } = setUp()
    of('1').note('mse', 'It broke.')
    of('1').note('socket', 'A proxy.')
    t.same(['mse', 'socket', 'img'].map(what => of('2').reason(what as 'mse')), [undefined, 'A proxy.', undefined])
    t.equal(of('1', 'http://b/').reason('socket'), undefined)
  })
  t.test('forgets only what is its own', async t => {
    const { of } = setUp()
    of('2').note('mse', 'It broke.')
    const failures = of('1')
    failures.note('img', 'No stream.')
    failures.forget()
    t.same([failures.reason('img'), of('1').reason('img'), of('2').reason('mse')], [undefined, undefined, 'It broke.'])
  })
  t.test('works without a store', async t => {
    const { of } = setUp()
    const failures = of('1', 'http://a/', () => { throw new DOMException('no', 'SecurityError') })
    failures.note('mse', 'It broke.')
    t.equal(failures.reason('mse'), 'It broke.')
    failures.forget()
    t.equal(failures.reason('mse'), undefined)
  })
  t.test('believes nothing odd that it finds', async t => {
    for (const text of ['', 'null', '7', '[]', '{"http://a/ mse 1":null}', '{"http://a/ mse 1":{"at":"x","count":1,"reason":"r"}}', '{"http://a/ mse 1":{"at":1000000000000,"count":1,"reason":{}}}', '{"http://a/ mse 1":{"at":2000000000000,"count":1,"reason":"r"}}', '{"__proto__":{"at":1}}']) {
      const { kept, of } = setUp()
      kept.set('camgate-paths', text)
      t.equal(of('1').reason('mse'), undefined, text)
    }
  })
})
