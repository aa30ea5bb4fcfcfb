import t from 'tap'
import { TranscoderQueue } from '../../src/transcode/transcoder-queue.js'
import { Turns } from '../../src/transcode/turns.js'
import { FakeClock } from '../fake-clock.js'

const plain = { input: [], output: [], filters: [], opening: Buffer.alloc(0), header: () => Buffer.alloc(0) }
const key = { key: true, damaged: false, bytes: Buffer.alloc(1_000, 'K') }
const other = { key: false, damaged: false, bytes: Buffer.alloc(100, 'o') }

/** `caughtUp` is whether ffmpeg has shown a picture already. */
function queueing (caughtUp = true, clock = new FakeClock(), turns = new Turns(clock, 1)) {
  const queue = new TranscoderQueue(clock, 20, turns)
  queue.begin(plain)
  if (caughtUp) {
    queue.next()
    queue.showFrom(NaN)
  }
  /** The pictures written to ffmpeg since the last call, one letter each. */
  const written = () => ((queue.stream.read() as Buffer | null)?.toString() ?? '').replace(/K{1000}/g, 'k').replace(/o{100}/g, '.').replaceAll('k', 'K').replaceAll('.', 'o')
  /** Offers the pictures, 50 ms apart; returns what is written to ffmpeg meanwhile. */
  const offer = (...pictures: Array<typeof key>) => {
    for (const picture of pictures) {
      queue.offer({ ...picture, at: clock.now() })
      clock.advance(50)
    }
    return written()
  }
  /** Makes ffmpeg take them at once; returns what is written to it then. */
  const take = (...pictures: Array<typeof key>) => {
    for (const { bytes } of pictures) queue.take(bytes.length)
    return written()
  }
  const others = (count: number) => Array.from({ length: count }, () => other)
  /** A second of pictures, or its beginning, that ffmpeg takes as they arrive. */
  const keepUp = (count = 19) => {
    for (const picture of [key, ...others(count)]) {
      queue.offer({ ...picture, at: clock.now() })
      queue.take(picture.bytes.length)
      clock.advance(50)
    }
    written()
  }
  return { clock, queue, offer, take, others, keepUp }
}

t.test('a transcoder queue', async t => {
  t.test('writes every picture while ffmpeg keeps up', async t => {
    const { queue, keepUp, offer } = queueing()
    keepUp()
    keepUp()
    t.equal(offer(key, other), 'Ko')
    t.equal(queue.overload, undefined)
  })

  t.test('writes eight pictures to an ffmpeg that hangs, and after half a second drops all up to the next key picture', async t => {
    const { queue, offer, take, others, keepUp } = queueing()
    keepUp()
    keepUp()
    t.equal(offer(key, ...others(10)), 'Kooooooo')
    t.equal(queue.overload, undefined, 'half a second has not passed')
    t.equal(offer(...others(5)), '')
    t.match(queue.overload, { dropped: 5 })
    t.equal(take(key, ...others(7)), 'ooo', 'they have waited less')
    take(...others(3))
    t.equal(offer(...others(3)), '', 'they depend on dropped pictures')
    t.equal(offer(key, other), 'Ko')
    t.match(queue.overload, { dropped: 8 })
  })

  t.test('returns when the original of a JPEG arrived, if ffmpeg has announced it', async t => {
    const { queue, offer } = queueing()
    offer(key)
    const at = queue.newest!
    queue.show(at)
    t.equal(queue.next().at, at)
    t.equal(queue.next().at, undefined)
  })

  t.test('knows whether an ffmpeg owes a JPEG, even one that takes nothing', async t => {
    const { queue, offer } = queueing()
    t.equal(queue.isFed, false, 'nothing was written')
    offer(key)
    t.equal(queue.isFed, true)
    queue.next()
    t.equal(queue.isFed, false)
    offer(other)
    t.equal(queue.isFed, true)
  })

  t.test('knows that a late ffmpeg owes a JPEG, although it is given nothing', async t => {
    const { queue, offer, others, keepUp } = queueing()
    keepUp()
    keepUp()
    offer(key, ...others(15))
    queue.next()
    t.equal(queue.isFed, false)
    t.equal(offer(other), '')
    t.equal(queue.isFed, true)
  })

  t.test('continues with the newest waiting key picture', async t => {
    /** ffmpeg hangs this many pictures before a key picture. */
    const standing = (count: number) => {
      const { keepUp, offer, take, ...rest } = queueing()
      keepUp()
      keepUp(19 - count)
      offer(...rest.others(count), key)
      return { take, ...rest }
    }
    const short = standing(8)
    t.equal(short.take(...short.others(8)), 'K')
    t.equal(short.queue.overload, undefined, 'no picture has waited too long')
    const long = standing(10)
    long.clock.advance(360)
    t.equal(long.take(...long.others(8)), 'K')
    t.match(long.queue.overload, { dropped: 2 }, 'those before it had waited for more than half a second')
  })

  t.test('writes two pictures ahead to a slow ffmpeg, and predicts that more would be late', async t => {
    const { queue, offer, take, others, clock, keepUp } = queueing()
    keepUp()
    keepUp()
    offer(key, other)
    for (let taken = 0; taken < 8; taken++) {
      clock.advance(150)
      take(other)
      offer(other)
    }
    t.equal(offer(...others(6)).length, 0, 'it has enough')
    t.not(queue.overload, undefined, '200 ms for each')
    clock.advance(150)
    t.ok(take(other).length <= 1)
  })

  t.test('drops even a key picture while ffmpeg still has old ones to take', async t => {
    const { offer, others, keepUp } = queueing()
    keepUp()
    keepUp()
    offer(key, ...others(11))
    t.equal(offer(key, other, key), '')
  })

  t.test('waits half the time between key pictures if they come often, and at least a tenth of a second', async t => {
    const { queue, offer, take, others } = queueing()
    for (let count = 0; count < 3; count++) {
      offer(key)
      take(key)
    }
    t.equal(offer(key, key, key, key), 'KKK')
    t.match(queue.overload, { dropped: 1 }, '100 ms are over')
    const half = queueing()
    for (const picture of [key, ...others(11), key]) {
      half.offer(picture)
      half.take(picture)
    }
    half.offer(...others(7))
    t.equal(half.queue.overload, undefined)
    half.offer(other)
    t.match(half.queue.overload, { dropped: 1 }, '300 of 600 ms')
  })

  t.test('keeps the pictures for an ffmpeg that has not begun, and lets it catch up', async t => {
    const { queue, offer, take, others } = queueing(false)
    t.equal(offer(key, ...others(30)), 'Koooo', 'written pictures cannot be dropped')
    t.equal(queue.overload, undefined)
    t.equal(take(key), 'o'.repeat(26), 'it has begun late, and is fast')
    offer(other)
    t.equal(queue.overload, undefined)
    t.equal(take(...others(31)), '')
    offer(key, ...others(12))
    t.not(queue.overload, undefined, 'it has caught up once, and fell back')
  })

  t.test('continues with a key picture if ffmpeg begins too late', async t => {
    const { queue, offer, take, others } = queueing(false)
    t.equal(offer(key, ...others(19)), 'Kooo')
    t.equal(offer(key, ...others(19)), 'Ko', 'one more each 500 ms: it may have to put them in order')
    t.equal(queue.overload, undefined, 'nobody misses the others')
    t.equal(take(key, ...others(3), key), 'o'.repeat(18))
  })

  t.test('lets ffmpeg catch up after its start for up to a second, even if the next key picture comes sooner', async t => {
    const { clock, queue, offer, take, others } = queueing(false)
    offer(key, ...others(29))
    offer(key, ...others(20))
    for (const picture of [key, ...others(4), key]) {
      take(picture)
      clock.advance(20)
    }
    offer(other)
    t.equal(queue.overload, undefined, 'the rest takes 0.7 s, at 20 ms a picture, and a key picture is due in 0.3 s')
  })

  t.test('drops pictures when those before them have waited too long, in the queue and then in front of ffmpeg', async t => {
    const { queue, offer, take, others, keepUp } = queueing()
    keepUp()
    keepUp()
    t.equal(offer(key, ...others(9)), 'Kooooooo')
    t.equal(take(key, ...others(7)), 'oo', 'the first of these has waited for 100 ms')
    offer(...others(9))
    t.equal(queue.overload, undefined, '500 ms')
    offer(other)
    t.match(queue.overload, { dropped: 1 })
  })

  t.test('holds a limited number of bytes, however large the pictures are', async t => {
    const { queue, offer } = queueing()
    const large = { ...other, bytes: Buffer.alloc(4 * 1024 * 1024) }
    offer(large, large, large, large, large, large)
    t.match(queue.overload, { dropped: 1 })
  })

  t.test('forgets an overload ten seconds after the last dropped picture', async t => {
    const { clock, queue, offer, keepUp, others } = queueing()
    keepUp()
    offer(key, ...others(11))
    t.match(queue.overload, { since: 1_550 })
    clock.advance(9_900)
    t.not(queue.overload, undefined)
    clock.advance(200)
    t.equal(queue.overload, undefined)
  })

  t.test('counts a picture as taken although its delimiter is counted with the next one', async t => {
    const { queue, offer, keepUp, others } = queueing()
    keepUp()
    offer(other)
    queue.take(other.bytes.length - 7)
    offer(...others(9))
    t.equal(queue.overload, undefined)
  })

  t.test('puts a header with its arrival in front of each picture', async t => {
    const clock = new FakeClock()
    const queue = new TranscoderQueue(clock, 20, new Turns(clock, 1))
    clock.advance(40)
    queue.offer({ ...other, at: 29.6 })
    t.equal(queue.stream.read(), null, 'there is no ffmpeg yet')
    t.equal(queue.newest, 30)
    clock.advance(10)
    queue.begin({ ...plain, opening: Buffer.from('!'), header: (bytes, at) => Buffer.from(`<${bytes} at ${at}>`) })
    t.match((queue.stream.read() as Buffer).toString(), /^!<100 at 30>o{100}$/)
  })

  t.test('finds which JPEGs are made from damaged pictures, by time or by position', async t => {
    const damaged = { ...other, damaged: true }
    const marks = (announce: (queue: TranscoderQueue) => void) => {
      const clock = new FakeClock()
      const queue = new TranscoderQueue(clock, 20, new Turns(clock, 1))
      queue.begin({ ...plain, opening: Buffer.from('!'), header: () => Buffer.from('<..>') })
      for (const [index, picture] of [key, damaged, key].entries()) queue.offer({ ...picture, at: 50 * index })
      announce(queue)
      return [1, 2, 3].map(() => queue.next().damaged)
    }
    t.same(marks(queue => { for (const at of [0, 50, 100]) queue.show(at) }), [false, true, false])
    t.same(marks(queue => { for (const position of [3, 1_007, 1_111]) queue.showFrom(position) }), [false, true, false])
  })

  t.test('shows only the end of a group that waited for ffmpeg', async t => {
    const clock = new FakeClock()
    const queue = new TranscoderQueue(clock, 20, new Turns(clock, 1))
    clock.advance(9_900)
    for (let at = 0; at < 9_900; at += 50) queue.offer({ ...at === 0 ? key : other, at })
    queue.begin(plain)
    queue.take(1_000)
    t.equal(queue.stream.readableLength, 1_000 + 31 * 100 + 100, 'many at once')
    for (let taken = 1; taken < 198; taken++) queue.take(100)
    t.equal(queue.overload, undefined)
    for (const [at, shown] of [[5_000, false], [9_800, false], [9_850, true], [9_000, true]] as const) {
      queue.show(at)
      t.equal(queue.next().shown, shown, `${at}`)
    }
  })

  t.test('shows old pictures after all while it drops newer ones', async t => {
    const { clock, queue, offer } = queueing(false)
    const large = { ...other, bytes: Buffer.alloc(4 * 1024 * 1024) }
    offer(large, large, large, large, large, large)
    t.not(queue.overload, undefined)
    const shown: boolean[] = []
    for (const at of [0, 50]) {
      queue.show(at)
      shown.push(queue.next().shown)
      clock.advance(200)
    }
    t.same(shown, [false, true])
  })

  t.test('shows pictures of a camera that sends them seldom, although they are old and not the newest', async t => {
    const { clock, queue } = queueing()
    for (const picture of [key, other, other]) {
      queue.offer({ ...picture, at: clock.now() })
      clock.advance(1_000)
    }
    queue.show(1_000)
    t.equal(queue.next().shown, true)
  })

  t.test('keeps the pictures of a hitch if the next key picture is far, and does not show the old ones', async t => {
    const { clock, queue, offer, take, others, keepUp } = queueing()
    for (let group = 0; group < 2; group++) keepUp(199)
    keepUp(59)
    t.equal(offer(...others(14)).length, 14, '0.7 s without ffmpeg')
    take(...others(14))
    t.equal(queue.overload, undefined)
    const newest = clock.now() - 50
    for (const [at, shown] of [[newest - 650, false], [newest - 50, false], [newest, true]] as const) {
      queue.show(at)
      t.equal(queue.next().shown, shown)
    }
    t.equal(offer(other), 'o')
  })

  t.test('drops the pictures up to a key picture that comes during a hitch', async t => {
    const { queue, offer, take, others, keepUp } = queueing()
    for (let group = 0; group < 2; group++) keepUp(199)
    keepUp(59)
    t.equal(offer(...others(50)).length, 32)
    t.equal(offer(key, other), '')
    t.match(queue.overload, { dropped: 18 })
    t.equal(take(...others(32)), 'Ko')
  })

  t.test('drops pictures up to the next key picture, however far, if ffmpeg is too slow to catch up', async t => {
    const { queue, clock, take, offer, others, keepUp } = queueing()
    for (let group = 0; group < 2; group++) keepUp(199)
    keepUp(9)
    const slow = () => {
      offer(other)
      clock.advance(20)
      take(other)
    }
    for (let i = 0; i < 10; i++) slow()
    t.equal(queue.overload, undefined)
    offer(...others(12))
    t.not(queue.overload, undefined, '70 ms for each')
  })

  t.test('writes no more than half a second of pictures to an ffmpeg that takes all but shows them slowly', async t => {
    const { clock, queue, others } = queueing()
    const began = clock.now()
    const inside: number[] = []
    let shownAt = 0
    /** A second of pictures, which ffmpeg takes as they arrive and shows in order, `each` milliseconds apart. Returns how long the slowest was inside. */
    const second = (each: number) => {
      let slowest = 0
      for (const picture of [key, ...others(19)]) {
        queue.offer({ ...picture, at: clock.now() })
        if (queue.stream.read()) inside.push(clock.now() - began)
        queue.take(picture.bytes.length)
        clock.advance(50)
        const now = clock.now() - began
        if (inside[0] === undefined || now - shownAt < each) continue
        slowest = Math.max(slowest, now - inside[0])
        queue.show(inside.shift()!)
        shownAt = now
      }
      return slowest
    }
    t.equal(second(50), 50)
    t.equal(queue.overload, undefined)
    second(200)
    const ages = [second(200), second(200), second(200)]
    t.ok(ages.every(age => age > 300 && age < 1_000), `${ages} ms`)
    t.ok(queue.overload!.dropped > 40)
    second(50)
    const { dropped } = queue.overload!
    second(50)
    t.equal(queue.overload!.dropped, dropped, 'it has caught up')
  })

  t.test('stops waiting for a picture that does not come out', async t => {
    const { clock, queue, offer, take, keepUp } = queueing()
    keepUp()
    queue.show(900)
    clock.advance(1_400)
    queue.show(950)
    t.equal(offer(key), 'K')
    take(key)
    t.equal(offer(other), '', 'its pictures take longer than half a second')
    clock.advance(3_000)
    t.equal(offer(key), 'K')
  })

  t.test('gets its turn from an ffmpeg that hangs', async t => {
    const clock = new FakeClock()
    const turns = new Turns(clock, 1)
    const [hanging, waiting] = [queueing(true, clock, turns), queueing(true, clock, turns)]
    t.equal(hanging.offer(key), 'K')
    t.equal(waiting.offer(key), '')
    clock.advance(400)
    t.equal(waiting.offer(other, other), 'Koo', 'after half a second, in the middle of an offer')
  })

  t.test('waits for its turn, and then leaves out what has become too old', async t => {
    const clock = new FakeClock()
    const turns = new Turns(clock, 1)
    const [busy, waiting] = [queueing(true, clock, turns), queueing(true, clock, turns)]
    for (const { queue, keepUp } of [busy, waiting, busy, waiting]) {
      keepUp(7)
      queue.next()
    }
    t.equal(busy.offer(key), 'K')
    t.equal(waiting.offer(key), '', 'another ffmpeg has not taken its picture')
    t.notOk(waiting.queue.isFed, 'nothing is due from this one')
    t.equal(busy.take(key), '')
    t.equal(waiting.offer(other), 'Ko')
    waiting.take(key, other)
    t.equal(busy.offer(key), 'K')
    t.equal(waiting.offer(key, ...waiting.others(5)), '')
    busy.take(key)
    t.equal(waiting.offer(other), '', 'it depends on dropped pictures')
    t.match(waiting.queue.overload, { dropped: 7 })
    t.equal(waiting.offer(key), 'K')
    t.equal(busy.offer(key), '')
    waiting.queue.end()
    t.equal(busy.offer(other), 'Ko', 'an ffmpeg that has ended keeps nobody waiting')
  })
})
