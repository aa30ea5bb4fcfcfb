import fc from 'fast-check'
import t from 'tap'
import { RenditionSelector } from '../../src/adaptive/rendition-selector.js'
import type { Link } from '../../src/adaptive/congestion-meter.js'

/** Bytes a second that a link carries at a time. */
type Rate = (at: number) => number

const INTERVAL = 50
/** Of the full picture, and of two that are smaller: 840, 220 and 90 kB a second. */
const SIZES = [42_000, 11_000, 4_500]
const LOADS = SIZES.map(size => size * 1_000 / INTERVAL)
/** Until a rendition that was asked for has its first picture. */
const START = 300
/** What may be unsent when the next picture begins. */
const NEARLY_SENT = 8_000

const STEP = 10

interface Move { at: number, to: number }

/** A viewer behind a link: each picture is sent when the one before it is nearly sent, and the newest is. */
function play (rate: Rate, seconds: number, { tells = true, shares = [1, 0.35, 0.15] } = {}) {
  const ladder = new RenditionSelector(shares, 0)
  const moves: Move[] = []
  const seen: number[] = []
  const spent = SIZES.map(() => 0)
  let [unsent, delivered, skipped, wish, wishedAt] = [0, 0, 0, 0, 0]
  let slot = false
  let sending: { from: number, bytes: number } | undefined
  const begin = (from: number) => {
    sending = { from, bytes: SIZES[ladder.rung]! }
    unsent += sending.bytes
    slot = false
    skipped = 0
  }
  for (let at = 0; at < seconds * 1_000; at += STEP) {
    spent[ladder.rung]! += STEP
    const carried = Math.min(unsent, rate(at) / 1_000 * STEP)
    unsent -= carried
    delivered += carried
    if (sending && unsent <= NEARLY_SENT) {
      const link = tells ? { delivered, roundTrip: 5, shortestTrip: 5 } : undefined
      const asked = ladder.count({ ...sending, to: at, skipped, link })
      sending = undefined
      seen.push(at)
      if (asked !== wish) [wish, wishedAt] = [asked, at]
      if (wish !== ladder.rung && at >= wishedAt + (wish === 0 ? 0 : START)) {
        ladder.move(wish, at)
        moves.push({ at, to: wish })
      }
      if (slot) begin(at)
    }
    if (at % INTERVAL !== 0) continue
    if (!sending) begin(at)
    else if (slot) skipped++
    else slot = true
  }
  return {
    moves,
    rung: ladder.rung,
    /** The share of the time on each rung. */
    spent: spent.map(ms => ms / seconds / 1_000),
    fps: (from: number, to: number) => seen.filter(at => at >= from * 1_000 && at < to * 1_000).length / (to - from)
  }
}

/** The most moves within any minute. */
const busiest = (moves: readonly Move[]) => Math.max(0, ...moves.map(({ at }) => moves.filter(other => other.at >= at && other.at < at + 60_000).length))
const told = (moves: readonly Move[]) => moves.map(({ at, to }) => `${at}:${to}`).join(' ')

t.test('a ladder', async t => {
  t.test('is stood on at its top by who can carry that', async t => {
    t.same(play(() => 2_000_000, 60).moves, [])
    t.same(play(() => 830_000, 60).moves, [], 'just so')
  })
  for (const tells of [true, false]) {
    t.test(`is left within two seconds for the rung that fits ${tells ? 'what the link tells' : 'what is seen of the link'}`, async t => {
      const { moves, fps } = play(() => 300_000, 20, { tells })
      t.match(moves[0], { to: 1 })
      t.ok(moves[0]!.at < 2_000, told(moves))
      t.ok(fps(2, 20) >= 18, `${fps(2, 20)} fps`)
      const poor = play(() => 100_000, 5, { tells }).moves
      t.match(poor, [{ to: 2 }], 'past one that is too much')
      t.ok(poor[0]!.at < 2_000, told(poor))
    })
  }
  t.test('is left also by who can nearly carry its top, and was guessed wrong', async t => {
    t.ok(play(() => 680_000, 3).moves[0]!.at < 2_000)
    const { moves } = play(() => 150_000, 4, { shares: [1, 0.05, 0.02] })
    t.match(moves, [{ to: 1 }, { to: 2 }])
    t.ok(moves[1]!.at < 2_500, told(moves))
  })
  t.test('is climbed again when the link has room, and left again when it has not', async t => {
    const { moves, rung } = play(at => at > 20_000 && at < 150_000 ? 2_000_000 : 100_000, 160)
    t.ok(moves.some(({ at, to }) => to === 0 && at < 60_000), told(moves))
    t.ok(moves.find(({ at }) => at > 150_000)!.at < 151_000, told(moves))
    t.equal(rung, 2)
  })
  t.test('is tried seldom where it has been tried in vain', async t => {
    const { moves } = play(() => 300_000, 300)
    t.same(moves.map(({ at, to }) => to === 0 ? Math.round(at / 10_000) * 10 : -1).filter(at => at > 0), [10, 30, 70, 130, 190, 250], told(moves))
  })
  t.test('is tried no longer than it takes to see that it was in vain, and left for where one came from', async t => {
    const ladder = new RenditionSelector([1, 0.3, 0.1], 0)
    ladder.move(1, 1_000)
    ladder.move(0, 20_000)
    t.equal(ladder.count({ bytes: 42_000, from: 20_000, to: 22_000, skipped: 39 }), 1, 'however little has come through')
  })
  t.test('is gone past a rung that has no pictures, for a while', async t => {
    const ladder = new RenditionSelector([1, 0.3, 0.1], 0)
    let at = 0
    /** The rung that is wanted after so many pictures. */
    const send = (count: number, skipped: number) => {
      let wish = -1
      for (let i = 0; i < count; i++) {
        const from = at
        at += 50 * (1 + skipped)
        wish = ladder.count({ bytes: 10_000, from, to: at, skipped })
      }
      return wish
    }
    t.equal(send(10, 1), 1)
    ladder.refuse(1, at)
    t.equal(send(10, 1), 2)
    ladder.move(2, at)
    t.equal(send(220, 0), 0)
    ladder.move(0, at)
    t.equal(send(600, 0), 0)
    t.equal(send(10, 1), 1, 'then it is asked again')
  })
  t.test('is held on to, first, through the slow start of a long way', async t => {
    const ladder = new RenditionSelector([1, 0.3], 0)
    const link = { delivered: 0, roundTrip: 200, shortestTrip: 200 }
    t.equal(ladder.count({ bytes: 42_000, from: 0, to: 600, skipped: 11, link }), 0)
    t.equal(ladder.count({ bytes: 42_000, from: 600, to: 850, skipped: 4, link }), 1, 'but not for ever')
  })
  t.test('is left when pictures wait in queues on their way, skipped or not', async t => {
    const ladder = new RenditionSelector([1, 0.3, 0.1], 0)
    const trip = (roundTrip: number, i: number): Link => ({ delivered: 30_000 * i, roundTrip, shortestTrip: 20 })
    const send = (roundTrip: number, i: number) => ladder.count({ bytes: 42_000, from: i * 50, to: i * 50, skipped: 0, link: trip(roundTrip, i) })
    let i = 0
    while (i < 20) t.equal(send(180, ++i), 0)
    const until = i + 3
    while (i < until) send(100 + 50 * i, ++i)
    t.equal(ladder.count({ bytes: 42_000, from: i * 50, to: i * 50, skipped: 0, link: trip(2_000, i) }), 1)
    ladder.move(1, i * 50)
    for (let trip = 1_900; trip > 200; trip -= 100) t.equal(send(trip, ++i), 1, 'while they empty it stays')
  })

  t.test('on a link that stays as it is, settles on what it carries', async () => {
    fc.assert(fc.property(fc.integer({ min: 100_000, max: 2_000_000 }), fc.boolean(), fc.double({ min: 0.5, max: 2, noNaN: true }), (rate, tells, wrong) => {
      const { moves, spent, fps } = play(() => rate, 240, { tells, shares: [1, 0.26 * wrong, 0.11 * wrong] })
      const [fits, doubtful] = [LOADS.findIndex(load => load * 1.02 <= rate), LOADS.some(load => rate > load * 0.8 && rate < load * 1.2)]
      const later = moves.filter(({ at }) => at > 60_000)
      return busiest(moves) <= 8 && busiest(later) <= 4 && (doubtful || spent[fits]! > 0.9) && fps(20, 240) >= 17.5
    }), { numRuns: 20 })
  })
  t.test('on any link, is not run up and down, and nobody starves', async () => {
    const stretch = fc.record({ rate: fc.integer({ min: 100_000, max: 1_500_000 }), ms: fc.integer({ min: 50, max: 20_000 }) })
    fc.assert(fc.property(fc.array(stretch, { minLength: 2, maxLength: 40 }), fc.boolean(), (stretches, tells) => {
      const rates = stretches.flatMap(({ rate, ms }) => Array<number>(Math.ceil(ms / STEP)).fill(rate))
      const rate: Rate = at => rates[Math.floor(at / STEP) % rates.length]!
      const { moves, fps } = play(rate, 180, { tells })
      return busiest(moves) <= 12 && [...Array(17).keys()].every(i => fps(10 * i, 10 * i + 10) > 10)
    }), { numRuns: 20 })
  })
})
