import fc from 'fast-check'
import t from 'tap'
import { addWrong, freeTries, next, NO_TRIES, refusal, repeated, waiting, type TryCount } from '../../src/logins/try-count.js'

const FORGET_MS = 900_000
const FREE_TRIES = 5
const MAX_PENDING = 16

/** What a client may do: start the check of one more password, end the oldest check with a result, or let time pass. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ kind: 'begin' } as const) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('right', 'wrong', 'wrong', 'failed') }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('pass'), ms: fc.oneof(fc.integer({ min: 0, max: 2_000 }), fc.integer({ min: 0, max: 400_000 }), fc.constant(FORGET_MS)) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'wait out' } as const) }
)
const steps = fc.array(step, { minLength: 1, maxLength: 80 })
const free = fc.constantFrom(1, FREE_TRIES)

interface Moment { readonly count: TryCount, readonly at: number, readonly checking: number, readonly wrongAt: readonly number[] }

/** Every moment of a client that does all that it is allowed to. */
function * play (some: ReadonlyArray<{ kind: string, ms?: number }>, freeTries: number): Generator<Moment> {
  let [count, at, checking, wrongAt]: [TryCount, number, number, number[]] = [NO_TRIES, 0, 0, []]
  for (const { kind, ms = 0 } of some) {
    if (kind === 'pass') at += ms
    else if (kind === 'wait out') at += waiting(count, at)?.retryAfterMs ?? 0
    else if (kind === 'begin') {
      if (!refusal(count, freeTries, at)) [count, checking] = [next(count, { kind }), checking + 1]
    } else if (checking > 0) {
      checking--
      count = next(count, kind === 'wrong' ? { kind, at, proof: `${wrongAt.length}`, freeTries } : { kind: kind as 'right' })
      if (kind === 'wrong') wrongAt = [...wrongAt, at]
    }
    yield { count, at, checking, wrongAt }
  }
}
const always = (holds: (moment: Moment, freeTries: number) => boolean) =>
  fc.assert(fc.property(steps, free, (some, freeTries) => { for (const moment of play(some, freeTries)) if (!holds(moment, freeTries)) return false; return true }), { numRuns: 1_000 })
/** Wrong passwords in a row, without a pause longer than that after which they are forgotten. */
const inARow = (wrongAt: readonly number[]) => wrongAt.length - 1 - wrongAt.findLastIndex((at, index) => index === 0 || at - wrongAt[index - 1]! >= FORGET_MS) + 1

t.test('whatever a client does,', async t => {
  t.test('it waits exactly as long as its wrong passwords in a row say', async () => {
    always(({ count, at, wrongAt }, freeTries) => {
      const last = wrongAt.at(-1)
      const waits = last === undefined ? 0 : inARow(wrongAt) - freeTries
      const until = waits > 0 ? last! + Math.min(300_000, 1_000 * 2 ** (waits - 1)) : -Infinity
      return (waiting(count, at)?.retryAfterMs ?? 0) === Math.max(0, until - at)
    })
  })
  t.test('no more than sixteen passwords are checked at once, and one after too many wrong ones', async () => {
    always(({ count, at, checking, wrongAt }, freeTries) => {
      const last = wrongAt.at(-1) ?? -Infinity
      const isFree = at - last >= FORGET_MS || inARow(wrongAt) < freeTries
      return count.pending === checking && checking <= MAX_PENDING && (refusal(count, freeTries, at)?.why === 'pending') === (!waiting(count, at) && checking >= (isFree ? MAX_PENDING : 1))
    })
  })
  t.test('fewer than 25 guesses are looked at in a quarter of an hour', async () => {
    always(({ wrongAt }) => wrongAt.every((at, index) => wrongAt.slice(index).filter(other => other - at < FORGET_MS).length < 25))
  })
  t.test('its last five wrong passwords are known until they are forgotten', async () => {
    always(({ count, at, wrongAt }) => {
      const known = wrongAt.map((_, index) => `${index}`).slice(-Math.min(5, inARow(wrongAt)))
      return fc.stringify(repeated(count, at)) === fc.stringify(at - (wrongAt.at(-1) ?? -Infinity) >= FORGET_MS ? [] : known)
    })
  })
})

t.test('a right password, and one that could not be checked, change nothing but what is being checked', async t => {
  fc.assert(fc.property(steps, free, fc.constantFrom('right' as const, 'failed' as const), (some, freeTries, kind) => {
    for (const { count } of play(some, freeTries)) t.same(next(next(count, { kind: 'begin' }), { kind }), count)
  }), { numRuns: 20 })
})

t.test('no wait is shortened by wrong passwords for another account, which may have more free tries', async () => {
  fc.assert(fc.property(fc.array(fc.record({ afterMs: fc.integer({ min: 0, max: 3_000 }), freeTries: free }), { maxLength: 30 }), some => {
    let [count, at] = [NO_TRIES, 0]
    return some.every(({ afterMs, freeTries }) => {
      const before = count
      at += afterMs
      count = next(count, { kind: 'wrong', at, proof: 'x', freeTries })
      return count.waitUntil >= before.waitUntil
    })
  }), { numRuns: 300 })
})

t.test('a result that comes after its count was forgotten does not make room for more', async t => {
  for (const kind of ['right', 'failed'] as const) t.equal(next(NO_TRIES, { kind }).pending, 0)
  t.equal(next(NO_TRIES, { kind: 'wrong', at: 0, proof: 'a', freeTries: 5 }).pending, 0)
})

t.test('an account', async t => {
  const guessed = (times: number, everyMs = 1_000) => Array.from({ length: times }).reduce<{ wrong: number, lastAt: number }>((count, _, index) => addWrong(count, index * everyMs), NO_TRIES)
  t.test('that is being guessed leaves strange addresses one free try, and those that know it all of them', async t => {
    t.equal(freeTries(guessed(19), false, 20_000), 5)
    t.equal(freeTries(guessed(20), false, 20_000), 1)
    t.equal(freeTries(guessed(20), true, 20_000), 5)
  })
  t.test('is no longer guessed a quarter of an hour after the last wrong password', async t => {
    t.equal(freeTries(guessed(20), false, 19_000 + FORGET_MS - 1), 1)
    t.equal(freeTries(guessed(20), false, 19_000 + FORGET_MS), 5)
    t.equal(freeTries(guessed(40, FORGET_MS), false, 39 * FORGET_MS), 5)
  })
})
