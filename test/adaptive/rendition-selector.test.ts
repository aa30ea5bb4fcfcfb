import fc from 'fast-check'
import t from 'tap'
import { RenditionSelector } from '../../src/adaptive/rendition-selector.js'
import type { Link } from '../../src/adaptive/congestion-meter.js'

/** Bytes per second that a link carries at a given time. */
type Rate = (at: number) => number

const INTERVAL_MS = 50
/** Bytes of the full picture and of two smaller renditions: 840, 220 and 90 kB per second. */
const SIZES = [42_000, 11_000, 4_500]
const LOADS = SIZES.map(size => size * 1_000 / INTERVAL_MS)
/** The time until a selected rendition has its first picture. */
const START_MS = 300
/** Bytes that may be unsent when the next picture begins. */
const MAX_UNSENT_BYTES = 8_000

const STEP_MS = 10

interface Switch { at: number, to: number }

/** A viewer with a slow link: when a picture is nearly sent, the newest one is next. */
function play (rate: Rate, seconds: number, { hasLink = true, shares = [1, 0.35, 0.15] } = {}) {
  const selector = new RenditionSelector(shares, 0)
  const switches: Switch[] = []
  const seen: number[] = []
  const spent = SIZES.map(() => 0)
  let [unsent, delivered, skipped, wanted, wantedAt] = [0, 0, 0, 0, 0]
  let slot = false
  let sending: { from: number, bytes: number } | undefined
  const begin = (from: number) => {
    sending = { from, bytes: SIZES[selector.current]! }
    unsent += sending.bytes
    slot = false
    skipped = 0
  }
  for (let at = 0; at < seconds * 1_000; at += STEP_MS) {
    spent[selector.current]! += STEP_MS
    const carried = Math.min(unsent, rate(at) / 1_000 * STEP_MS)
    unsent -= carried
    delivered += carried
    if (sending && unsent <= MAX_UNSENT_BYTES) {
      const link = hasLink ? { deliveredBytes: delivered, roundTripMs: 5, minRoundTripMs: 5 } : undefined
      const target = selector.count({ ...sending, to: at, skipped, link })
      sending = undefined
      seen.push(at)
      if (target !== wanted) [wanted, wantedAt] = [target, at]
      if (wanted !== selector.current && at >= wantedAt + (wanted === 0 ? 0 : START_MS)) {
        selector.switchTo(wanted, at)
        switches.push({ at, to: wanted })
      }
      if (slot) begin(at)
    }
    if (at % INTERVAL_MS !== 0) continue
    if (!sending) begin(at)
    else if (slot) skipped++
    else slot = true
  }
  return {
    switches,
    current: selector.current,
    /** The share of the time with each rendition. */
    spent: spent.map(ms => ms / seconds / 1_000),
    fps: (from: number, to: number) => seen.filter(at => at >= from * 1_000 && at < to * 1_000).length / (to - from)
  }
}

/** The highest number of switches within a minute. */
const busiest = (switches: readonly Switch[]) => Math.max(0, ...switches.map(({ at }) => switches.filter(other => other.at >= at && other.at < at + 60_000).length))
const listed = (switches: readonly Switch[]) => switches.map(({ at, to }) => `${at}:${to}`).join(' ')

t.test('the selected rendition', async t => {
  t.test('is the full picture if the link carries it', async t => {
    t.same(play(() => 2_000_000, 60).switches, [])
    t.same(play(() => 830_000, 60).switches, [], 'only just')
  })
  for (const hasLink of [true, false]) {
    t.test(`is left within two seconds for the one that fits ${hasLink ? 'the kernel\'s measurements' : 'the time that pictures take'}`, async t => {
      const { switches, fps } = play(() => 300_000, 20, { hasLink })
      t.match(switches[0], { to: 1 })
      t.ok(switches[0]!.at < 2_000, listed(switches))
      t.ok(fps(2, 20) >= 18, `${fps(2, 20)} fps`)
      const poor = play(() => 100_000, 5, { hasLink }).switches
      t.match(poor, [{ to: 2 }], 'it skips one that is too large')
      t.ok(poor[0]!.at < 2_000, listed(poor))
    })
  }
  t.test('is left even if the link nearly carries it, or the estimate was wrong', async t => {
    t.ok(play(() => 680_000, 3).switches[0]!.at < 2_000)
    const { switches } = play(() => 150_000, 4, { shares: [1, 0.05, 0.02] })
    t.match(switches, [{ to: 1 }, { to: 2 }])
    t.ok(switches[1]!.at < 2_500, listed(switches))
  })
  t.test('is a larger one when the link has room, and a smaller one when it has not', async t => {
    const { switches, current } = play(at => at > 20_000 && at < 150_000 ? 2_000_000 : 100_000, 160)
    t.ok(switches.some(({ at, to }) => to === 0 && at < 60_000), listed(switches))
    t.ok(switches.find(({ at }) => at > 150_000)!.at < 151_000, listed(switches))
    t.equal(current, 2)
  })
  t.test('is rarely retried after a failed try', async t => {
    const { switches } = play(() => 300_000, 300)
    t.same(switches.map(({ at, to }) => to === 0 ? Math.round(at / 10_000) * 10 : -1).filter(at => at > 0), [10, 30, 70, 130, 190, 250], listed(switches))
  })
  t.test('falls back to the previous one after a failed try', async t => {
    const selector = new RenditionSelector([1, 0.3, 0.1], 0)
    selector.switchTo(1, 1_000)
    selector.switchTo(0, 20_000)
    t.equal(selector.count({ bytes: 42_000, from: 20_000, to: 22_000, skipped: 39 }), 1, 'even if little has been delivered')
  })
  t.test('is not one without pictures, for a while', async t => {
    const selector = new RenditionSelector([1, 0.3, 0.1], 0)
    let at = 0
    /** The rendition to switch to after this number of pictures. */
    const send = (count: number, skipped: number) => {
      let target = -1
      for (let i = 0; i < count; i++) {
        const from = at
        at += 50 * (1 + skipped)
        target = selector.count({ bytes: 10_000, from, to: at, skipped })
      }
      return target
    }
    t.equal(send(10, 1), 1)
    selector.bar(1, at)
    t.equal(send(10, 1), 2)
    selector.switchTo(2, at)
    t.equal(send(220, 0), 0)
    selector.switchTo(0, at)
    t.equal(send(600, 0), 0)
    t.equal(send(10, 1), 1, 'then it is tried again')
  })
  t.test('is kept through TCP\'s slow start on a long round trip', async t => {
    const selector = new RenditionSelector([1, 0.3], 0)
    const link = { deliveredBytes: 0, roundTripMs: 200, minRoundTripMs: 200 }
    t.equal(selector.count({ bytes: 42_000, from: 0, to: 600, skipped: 11, link }), 0)
    t.equal(selector.count({ bytes: 42_000, from: 600, to: 850, skipped: 4, link }), 1, 'but no longer')
  })
  t.test('is left when pictures wait in queues on their way, even if none is skipped', async t => {
    const selector = new RenditionSelector([1, 0.3, 0.1], 0)
    const trip = (roundTripMs: number, i: number): Link => ({ deliveredBytes: 30_000 * i, roundTripMs, minRoundTripMs: 20 })
    const send = (roundTrip: number, i: number) => selector.count({ bytes: 42_000, from: i * 50, to: i * 50, skipped: 0, link: trip(roundTrip, i) })
    let i = 0
    while (i < 20) t.equal(send(180, ++i), 0)
    const until = i + 3
    while (i < until) send(100 + 50 * i, ++i)
    t.equal(selector.count({ bytes: 42_000, from: i * 50, to: i * 50, skipped: 0, link: trip(2_000, i) }), 1)
    selector.switchTo(1, i * 50)
    for (let trip = 1_900; trip > 200; trip -= 100) t.equal(send(trip, ++i), 1, 'it stays while they empty')
  })

  t.test('settles on a steady link', async () => {
    fc.assert(fc.property(fc.integer({ min: 100_000, max: 2_000_000 }), fc.boolean(), fc.double({ min: 0.5, max: 2, noNaN: true }), (rate, hasLink, wrong) => {
      const { switches, spent, fps } = play(() => rate, 240, { hasLink, shares: [1, 0.26 * wrong, 0.11 * wrong] })
      const [fits, doubtful] = [LOADS.findIndex(load => load * 1.02 <= rate), LOADS.some(load => rate > load * 0.8 && rate < load * 1.2)]
      const later = switches.filter(({ at }) => at > 60_000)
      return busiest(switches) <= 8 && busiest(later) <= 4 && (doubtful || spent[fits]! > 0.9) && fps(20, 240) >= 17.5
    }), { numRuns: 20 })
  })
  t.test('does not flap on any link, and the viewer always gets pictures', async () => {
    const stretch = fc.record({ rate: fc.integer({ min: 100_000, max: 1_500_000 }), ms: fc.integer({ min: 50, max: 20_000 }) })
    fc.assert(fc.property(fc.array(stretch, { minLength: 2, maxLength: 40 }), fc.boolean(), (stretches, hasLink) => {
      const rates = stretches.flatMap(({ rate, ms }) => Array<number>(Math.ceil(ms / STEP_MS)).fill(rate))
      const rate: Rate = at => rates[Math.floor(at / STEP_MS) % rates.length]!
      const { switches, fps } = play(rate, 180, { hasLink })
      return busiest(switches) <= 12 && [...Array(17).keys()].every(i => fps(10 * i, 10 * i + 10) > 10)
    }), { numRuns: 20 })
  })
})
