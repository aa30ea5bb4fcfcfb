import t from 'tap'
import { Feed } from '../../src/camera/feed.js'
import { FakeClock } from '../fake-clock.js'

const key = { key: true, bytes: Buffer.alloc(1_000, 'K') }
const other = { key: false, bytes: Buffer.alloc(100, 'o') }

function feeding () {
  const clock = new FakeClock()
  const feed = new Feed(clock)
  /** Offers the pictures, 50 ms apart; returns what ffmpeg is given meanwhile. */
  const offer = (...pictures: Array<typeof key>) => {
    let given = ''
    for (const picture of pictures) {
      const before = feed.stream.readableLength
      feed.offer(picture)
      if (feed.stream.readableLength > before) given += String.fromCharCode(picture.bytes[0]!)
      clock.advance(50)
    }
    feed.stream.read()
    return given
  }
  const others = (count: number) => Array.from({ length: count }, () => other)
  /** A second of pictures that ffmpeg takes as they come. */
  const keepUp = () => {
    for (const picture of [key, ...others(19)]) {
      offer(picture)
      feed.take(picture.bytes.length)
    }
  }
  return { clock, feed, offer, others, keepUp }
}

t.test('a feed', async t => {
  t.test('hands every picture on while ffmpeg keeps up', async t => {
    const { feed, keepUp, offer } = feeding()
    keepUp()
    keepUp()
    t.equal(offer(key, other), 'Ko')
    t.equal(feed.overload, undefined)
  })

  t.test('leaves pictures out up to the next key picture, once one was not taken for half a second', async t => {
    const { feed, offer, others, keepUp } = feeding()
    keepUp()
    keepUp()
    t.equal(offer(key, ...others(10)), 'Koooooooooo', 'half a second of them')
    const late = feed.overload
    t.equal(offer(...others(5)), '')
    t.equal(late, undefined)
    t.match(feed.overload, { dropped: 5 })
    feed.take(key.bytes.length + 10 * other.bytes.length)
    t.equal(offer(...others(3)), '', 'they would need those that were left out')
    t.equal(offer(key, other), 'Ko')
    t.match(feed.overload, { dropped: 8 })
  })

  t.test('leaves a key picture out, too, while ffmpeg still has old ones to take', async t => {
    const { offer, others, keepUp } = feeding()
    keepUp()
    keepUp()
    offer(key, ...others(11))
    t.equal(offer(key, other, key), '')
  })

  t.test('waits half of the time from key picture to key picture where they come often, and a tenth of a second at least', async t => {
    const { feed, offer, others } = feeding()
    for (let count = 0; count < 3; count++) {
      offer(key)
      feed.take(key.bytes.length)
    }
    t.equal(offer(key, key, key, key), 'KKK')
    t.match(feed.overload, { dropped: 1 }, '100 ms are over')
    const half = feeding()
    for (const picture of [key, ...others(11), key]) {
      half.offer(picture)
      half.feed.take(picture.bytes.length)
    }
    t.equal(half.offer(...others(10)), 'ooooooo', '300 of 600 ms')
  })

  t.test('keeps a second for an ffmpeg that has not begun, and lets it catch up', async t => {
    const { feed, offer, others } = feeding()
    offer(key, ...others(19))
    t.equal(feed.overload, undefined)
    feed.take(key.bytes.length)
    offer(other)
    t.equal(feed.overload, undefined, 'it has begun late, and is fast')
    feed.take(20 * other.bytes.length)
    offer(other, ...others(11))
    t.not(feed.overload, undefined, 'it has caught up once, and fell back')
  })

  t.test('has no such patience with one that has begun, and is slow', async t => {
    const { feed, offer, others } = feeding()
    offer(key, other)
    feed.take(key.bytes.length)
    for (let taken = 0; taken < 10; taken++) {
      offer(...others(3))
      feed.take(other.bytes.length)
    }
    t.not(feed.overload, undefined, 'what waits takes it three seconds')
  })

  t.test('holds no more than a bound, however large the pictures are', async t => {
    const { feed, offer } = feeding()
    const large = { key: true, bytes: Buffer.alloc(4 * 1024 * 1024) }
    offer(large, large, large, large, large, large)
    t.match(feed.overload, { dropped: 1 })
    t.equal(feed.stream.readableLength, 0)
  })

  t.test('forgets ten seconds after the last picture that was left out', async t => {
    const { clock, feed, offer, others } = feeding()
    offer(key, ...others(25))
    t.match(feed.overload, { since: 1_050 })
    clock.advance(9_900)
    t.not(feed.overload, undefined)
    clock.advance(200)
    t.equal(feed.overload, undefined)
  })

  t.test('takes a picture for taken although its delimiter is counted with the next one', async t => {
    const { feed, offer, keepUp, others } = feeding()
    keepUp()
    offer(other)
    feed.take(other.bytes.length - 7)
    offer(...others(9))
    t.equal(feed.overload, undefined)
  })

  t.test('puts a header in front of each picture that needs one', async t => {
    const feed = new Feed(new FakeClock(), ({ bytes }) => `<${bytes.length}>`)
    feed.offer(other)
    t.match((feed.stream.read() as Buffer).toString(), /^<100>o{100}$/)
  })
})
