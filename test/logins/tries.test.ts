import fc from 'fast-check'
import t from 'tap'
import { Tries, type TooManyTries } from '../../src/logins/tries.js'
import { FakeClock } from '../fake-clock.js'

const MINUTE_MS = 60_000

function setUp () {
  const clock = new FakeClock()
  const tries = new Tries(clock)
  let proofs = 0
  return {
    clock,
    tries,
    /** One password that nobody has tried yet. Returns the seconds to wait if it is refused unseen, else 0. */
    attempt (how: 'right' | 'wrong' | 'failed', address = '10.0.0.1', account = 'anna'): number {
      try {
        tries.begin(address, account, `proof ${++proofs}`)(how)
        return 0
      } catch (error) {
        return (error as TooManyTries).retryAfterSeconds
      }
    }
  }
}

t.test('wrong passwords', async t => {
  t.test('slow an address down more and more, after five', async t => {
    const { attempt, clock } = setUp()
    for (let i = 0; i < 6; i++) t.equal(attempt('wrong'), 0, `wrong password ${i + 1}`)
    const waits: number[] = []
    for (let i = 0; i < 11; i++) {
      const wait = attempt('wrong')
      waits.push(wait)
      clock.advance(wait * 1_000 - 1)
      t.ok(attempt('right') > 0, 'not even the right one is checked')
      clock.advance(1)
      t.equal(attempt('wrong'), 0)
    }
    t.same(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300])
  })
  t.test('slow no other address down', async t => {
    const { attempt } = setUp()
    for (let i = 0; i < 10; i++) attempt('wrong')
    t.equal(attempt('right', '10.0.0.2'), 0)
  })
  t.test('are forgotten after a quarter of an hour', async t => {
    const { attempt, clock } = setUp()
    for (let i = 0; i < 5; i++) attempt('wrong')
    clock.advance(15 * MINUTE_MS - 1)
    t.equal(attempt('wrong'), 0)
    t.equal(attempt('wrong'), 1)
    clock.advance(15 * MINUTE_MS)
    for (let i = 0; i < 6; i++) t.equal(attempt('wrong'), 0)
  })
  t.test('are not undone by a right one: a guesser may have an account of their own', async t => {
    const { attempt } = setUp()
    for (let i = 0; i < 5; i++) {
      attempt('wrong')
      attempt('right', '10.0.0.1', 'guesser')
    }
    t.equal(attempt('wrong'), 0)
    t.equal(attempt('wrong'), 1)
  })
  t.test('do not include those that could not be checked', async t => {
    const { attempt } = setUp()
    for (let i = 0; i < 20; i++) t.equal(attempt('failed'), 0)
  })
  t.test('are known when they are repeated', async t => {
    const { tries, clock } = setUp()
    tries.begin('10.0.0.1', 'anna', 'old password')('wrong')
    t.equal(tries.wasWrong('10.0.0.1', 'anna', 'old password'), true)
    t.equal(tries.wasWrong('10.0.0.1', 'anna', 'another'), false)
    t.equal(tries.wasWrong('10.0.0.2', 'anna', 'old password'), false, 'nobody learns it of others')
    clock.advance(15 * MINUTE_MS)
    t.equal(tries.wasWrong('10.0.0.1', 'anna', 'old password'), false)
  })
})

t.test('passwords at the same time', async t => {
  t.test('are sixteen, then the address waits for them', async t => {
    const { tries, attempt } = setUp()
    const ended = Array.from({ length: 16 }, (_, i) => tries.begin('10.0.0.1', `user ${i}`, `${i}`))
    t.equal(attempt('right'), 1)
    t.equal(attempt('right', '10.0.0.2'), 0)
    for (const end of ended) end('right')
    t.equal(attempt('right'), 0)
  })
  t.test('all count if they are wrong', async t => {
    const { tries, attempt } = setUp()
    const ended = Array.from({ length: 16 }, (_, i) => tries.begin('10.0.0.1', 'anna', `${i}`))
    for (const end of ended) end('wrong')
    t.equal(attempt('right'), 300)
  })
  t.test('are one once there were too many wrong ones', async t => {
    const { tries, attempt } = setUp()
    for (let i = 0; i < 5; i++) attempt('wrong')
    const end = tries.begin('10.0.0.1', 'anna', 'a')
    t.equal(attempt('right'), 1)
    end('failed')
    t.equal(attempt('right'), 0)
  })
})

t.test('an account', async t => {
  t.test('stays open where its owner has logged in, whatever others do', async t => {
    const { attempt } = setUp()
    attempt('right', '10.0.0.1', 'anna')
    for (let i = 0; i < 100; i++) attempt('wrong', `10.9.${i}.1`, 'anna')
    for (let i = 0; i < 10; i++) attempt('wrong', '10.0.0.1', 'bert')
    t.ok(attempt('right', '10.0.0.1', 'bert') > 0, 'a neighbour guesses')
    for (let i = 0; i < 5; i++) t.equal(attempt('wrong', '10.0.0.1', 'anna'), 0, 'the owner mistypes')
    t.equal(attempt('right', '10.0.0.1', 'anna'), 0)
  })
  t.test('that is guessed from many addresses leaves strange ones one free try, and never shuts them out', async t => {
    const { attempt } = setUp()
    for (let i = 0; i < 20; i++) attempt('wrong', `10.9.${i}.1`, 'anna')
    t.equal(attempt('wrong', '10.0.0.7', 'anna'), 0)
    t.equal(attempt('wrong', '10.0.0.7', 'anna'), 0)
    t.equal(attempt('wrong', '10.0.0.7', 'anna'), 1)
    t.equal(attempt('right', '10.0.0.8', 'anna'), 0)
    t.equal(attempt('wrong', '10.0.0.9', 'bert'), 0)
    t.equal(attempt('wrong', '10.0.0.9', 'bert'), 0)
    t.equal(attempt('wrong', '10.0.0.9', 'bert'), 0, 'other accounts are as before')
  })
  t.test('does not give a guesser more tries by being known', async t => {
    const { attempt } = setUp()
    attempt('right')
    for (let i = 0; i < 6; i++) attempt('wrong')
    t.equal(attempt('wrong'), 1)
  })
})

t.test('whatever others do,', async t => {
  const other = fc.record({ how: fc.constantFrom('right', 'wrong', 'wrong', 'wrong', 'failed', 'pending'), address: fc.constantFrom('10.9.0.1', '10.9.0.2', '10.9.0.3'), account: fc.constantFrom('anna', 'bert', 'carl'), afterMs: fc.constantFrom(0, 0, 0, 1_000, 300_000) })
  /** Each waits until it may. */
  const guess = ({ tries, clock }: ReturnType<typeof setUp>, others: ReadonlyArray<{ how: string, address: string, account: string, afterMs: number }>) => {
    for (const { how, address, account, afterMs } of others) {
      clock.advance(afterMs)
      try {
        const report = tries.begin(address, account, 'x')
        if (how !== 'pending') report(how as 'right')
      } catch (error) {
        clock.advance((error as TooManyTries).retryAfterSeconds * 1_000)
      }
    }
  }
  const others = fc.array(other, { minLength: 1, maxLength: 80 })

  t.test('an owner at an address that knows them logs in', async () => {
    const neighbour = fc.array(fc.record({ ...{ how: fc.constantFrom('wrong', 'pending'), afterMs: fc.constantFrom(0, 300_000) }, address: fc.constant('10.0.0.1'), account: fc.constantFrom('bert', 'carl') }), { maxLength: 30 })
    fc.assert(fc.property(others, neighbour, (others, neighbours) => {
      const all = setUp()
      all.attempt('right')
      guess(all, others)
      guess(all, neighbours)
      for (let mistyped = 0; mistyped < 5; mistyped++) if (all.attempt('wrong') > 0) return false
      return all.attempt('right') === 0
    }), { numRuns: 300 })
  })
  t.test('a strange address may try each account at once, and a second time', async () => {
    fc.assert(fc.property(others, fc.constantFrom('anna', 'bert', 'dora'), (others, account) => {
      const all = setUp()
      guess(all, others)
      return all.attempt('wrong', '10.0.0.7', account) === 0 && all.attempt('right', '10.0.0.7', account) === 0
    }), { numRuns: 300 })
  })
})
