import t from 'tap'
import { TranscoderQueue } from '../../src/transcode/transcoder-queue.js'
import { FakeClock } from '../fake-clock.js'

const plain = { input: [], output: [], filters: [] }
const key = { key: true, bytes: Buffer.alloc(1_000, 'K') }
const other = { key: false, bytes: Buffer.alloc(100, 'o') }

function feeding () {
  const clock = new FakeClock()
  const feed = new TranscoderQueue(clock, 20)
  feed.begin(plain)
  /** What ffmpeg was given since the last look, a letter for each picture. */
  const given = () => ((feed.stream.read() as Buffer | null)?.toString() ?? '').replace(/K{1000}/g, 'k').replace(/o{100}/g, '.').replaceAll('k', 'K').replaceAll('.', 'o')
  /** Offers the pictures, 50 ms apart; returns what ffmpeg is given meanwhile. */
  const offer = (...pictures: Array<typeof key>) => {
    for (const picture of pictures) {
      feed.offer(picture)
      clock.advance(50)
    }
    return given()
  }
  /** Has ffmpeg take them, at once; returns what it is given then. */
  const take = (...pictures: Array<typeof key>) => {
    for (const { bytes } of pictures) feed.take(bytes.length)
    return given()
  }
  const others = (count: number) => Array.from({ length: count }, () => other)
  /** A second of pictures, or the beginning of one, that ffmpeg takes as they come. */
  const keepUp = (count = 19) => {
    for (const picture of [key, ...others(count)]) {
      feed.offer(picture)
      feed.take(picture.bytes.length)
      clock.advance(50)
    }
    given()
  }
  return { clock, feed, offer, take, others, keepUp }
}

t.test('a feed', async t => {
  t.test('hands every picture on while ffmpeg keeps up', async t => {
    const { feed, keepUp, offer } = feeding()
    keepUp()
    keepUp()
    t.equal(offer(key, other), 'Ko')
    t.equal(feed.overload, undefined)
  })

  t.test('gives an ffmpeg that stands still eight pictures, and leaves all out up to the next key picture after half a second', async t => {
    const { feed, offer, take, others, keepUp } = feeding()
    keepUp()
    keepUp()
    t.equal(offer(key, ...others(10)), 'Kooooooo')
    t.equal(feed.overload, undefined, 'half a second is not over')
    t.equal(offer(...others(5)), '')
    t.match(feed.overload, { dropped: 5 })
    t.equal(take(key, ...others(7)), 'ooo', 'they have waited for less')
    take(...others(3))
    t.equal(offer(...others(3)), '', 'they would need those that were left out')
    t.equal(offer(key, other), 'Ko')
    t.match(feed.overload, { dropped: 8 })
  })

  t.test('goes on with the newest key picture that waits', async t => {
    /** It stands still so many pictures before a key picture. */
    const standing = (count: number) => {
      const { keepUp, offer, take, ...rest } = feeding()
      keepUp()
      keepUp(19 - count)
      offer(...rest.others(count), key)
      return { take, ...rest }
    }
    const short = standing(8)
    t.equal(short.take(...short.others(8)), 'K')
    t.equal(short.feed.overload, undefined, 'none has waited too long')
    const long = standing(10)
    long.clock.advance(360)
    t.equal(long.take(...long.others(8)), 'K')
    t.match(long.feed.overload, { dropped: 2 }, 'those before it had waited for more than half a second')
  })

  t.test('gives two ahead to one that is slow, and tells by its pace that more would be late', async t => {
    const { feed, offer, take, others, clock, keepUp } = feeding()
    keepUp()
    keepUp()
    offer(key, other)
    for (let taken = 0; taken < 8; taken++) {
      clock.advance(150)
      take(other)
      offer(other)
    }
    t.equal(offer(...others(6)).length, 0, 'it has enough')
    t.not(feed.overload, undefined, '200 ms for each')
    clock.advance(150)
    t.ok(take(other).length <= 1)
  })

  t.test('leaves a key picture out, too, while ffmpeg still has old ones to take', async t => {
    const { offer, others, keepUp } = feeding()
    keepUp()
    keepUp()
    offer(key, ...others(11))
    t.equal(offer(key, other, key), '')
  })

  t.test('waits half of the time from key picture to key picture where they come often, and a tenth of a second at least', async t => {
    const { feed, offer, take, others } = feeding()
    for (let count = 0; count < 3; count++) {
      offer(key)
      take(key)
    }
    t.equal(offer(key, key, key, key), 'KKK')
    t.match(feed.overload, { dropped: 1 }, '100 ms are over')
    const half = feeding()
    for (const picture of [key, ...others(11), key]) {
      half.offer(picture)
      half.take(picture)
    }
    half.offer(...others(7))
    t.equal(half.feed.overload, undefined)
    half.offer(other)
    t.match(half.feed.overload, { dropped: 1 }, '300 of 600 ms')
  })

  t.test('keeps a second for an ffmpeg that has not begun, and lets it catch up', async t => {
    const { feed, offer, take, others } = feeding()
    t.equal(offer(key, ...others(19)), 'Kooo', 'what is given cannot be taken back')
    t.equal(feed.overload, undefined)
    t.equal(take(key), 'ooooo', 'it has begun late, and is fast')
    offer(other)
    t.equal(feed.overload, undefined)
    t.equal(take(...others(8)), 'oooooooo')
    t.equal(take(...others(12)), 'oooo')
    offer(...others(12))
    t.not(feed.overload, undefined, 'it has caught up once, and fell back')
  })

  t.test('goes on with a key picture where an ffmpeg begins too late', async t => {
    const { feed, offer, take, others } = feeding()
    t.equal(offer(key, ...others(19)), 'Kooo')
    t.equal(offer(key, ...others(19)), 'oK', 'one more each 500 ms: it may have to put them in order')
    t.match(feed.overload, { dropped: 15 })
    t.equal(take(key, ...others(4), key), 'oooooooo')
  })

  t.test('holds no more than a bound, however large the pictures are', async t => {
    const { feed, offer } = feeding()
    const large = { key: true, bytes: Buffer.alloc(4 * 1024 * 1024) }
    offer(large, large, large, large, large, large)
    t.match(feed.overload, { dropped: 1 })
  })

  t.test('forgets ten seconds after the last picture that was left out', async t => {
    const { clock, feed, offer, keepUp, others } = feeding()
    keepUp()
    offer(key, ...others(11))
    t.match(feed.overload, { since: 1_550 })
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
    const clock = new FakeClock()
    const feed = new TranscoderQueue(clock, 20)
    clock.advance(30)
    feed.offer(other)
    t.equal(feed.stream.read(), null, 'there is no ffmpeg yet')
    clock.advance(10)
    feed.begin({ ...plain, opening: Buffer.from('!'), header: (bytes, at) => `<${bytes} at ${at}>` })
    t.match((feed.stream.read() as Buffer).toString(), /^!<100 at 40>o{100}$/)
  })

  t.test('tells which JPEGs are made of damaged pictures, by time or by place', async t => {
    const damaged = { ...other, damaged: true }
    const timed = new FakeClock()
    const byTime = new TranscoderQueue(timed, 20)
    byTime.begin({ ...plain, opening: Buffer.from('!'), header: () => '<>' })
    for (const picture of [key, damaged, key]) {
      byTime.offer(picture)
      timed.advance(50)
    }
    for (const at of [0, 50, 100]) byTime.show(at)
    t.same([1, 2, 3].map(() => byTime.isNextDamaged()), [false, true, false])
    for (const header of [undefined, () => '<..>']) {
      const byPlace = new TranscoderQueue(new FakeClock(), 20)
      byPlace.begin({ ...plain, ...header && { header } })
      for (const picture of [key, damaged, key]) byPlace.offer(picture)
      const size = header ? 4 : 0
      for (const position of [size, 1_000 + 2 * size, 1_100 + 3 * size]) byPlace.showFrom(position)
      t.same([1, 2, 3].map(() => byPlace.isNextDamaged()), [false, true, false])
    }
  })

  t.test('gives an ffmpeg that has taken all and shows it slowly no more than it shows in half a second', async t => {
    const { clock, feed, others } = feeding()
    const began = clock.now()
    const inside: number[] = []
    let shownAt = 0
    /** A second of pictures, which ffmpeg takes as they come, and shows in their order, each so long after the one before. Returns how long the slowest was inside. */
    const second = (each: number) => {
      let slowest = 0
      for (const picture of [key, ...others(19)]) {
        feed.offer(picture)
        if (feed.stream.read()) inside.push(clock.now() - began)
        feed.take(picture.bytes.length)
        clock.advance(50)
        const now = clock.now() - began
        if (inside[0] === undefined || now - shownAt < each) continue
        slowest = Math.max(slowest, now - inside[0])
        feed.show(inside.shift()!)
        shownAt = now
      }
      return slowest
    }
    t.equal(second(50), 50)
    t.equal(feed.overload, undefined)
    second(200)
    const ages = [second(200), second(200), second(200)]
    t.ok(ages.every(age => age > 300 && age < 1_000), `${ages} ms`)
    t.ok(feed.overload!.dropped > 40)
    second(50)
    const { dropped } = feed.overload!
    second(50)
    t.equal(feed.overload!.dropped, dropped, 'it has caught up')
  })

  t.test('expects nothing any more of a picture that does not come out', async t => {
    const { clock, feed, offer, take, keepUp } = feeding()
    keepUp()
    feed.show(900)
    clock.advance(1_400)
    feed.show(950)
    t.equal(offer(key), 'K')
    take(key)
    t.equal(offer(other), '', 'what it has takes longer than half a second')
    clock.advance(3_000)
    t.equal(offer(key), 'K')
  })
})
