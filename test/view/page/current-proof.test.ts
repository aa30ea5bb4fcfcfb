import t from 'tap'
import { CurrentProof } from '../../../src/view/page/current-proof.js'
import type { Proof } from '../../../src/view/page/addresses.js'
import { FakeClock } from '../../fake-clock.js'

const base = 'https://cams.example/live/'

function setUp (proof: Proof, given: Array<Proof | Error | undefined>) {
  const clock = new FakeClock()
  let asked = 0
  const current = new CurrentProof(clock, {
    base,
    camera: '1',
    proof,
    async renew () {
      asked++
      const next = given.shift()
      if (next instanceof Error) throw next
      return next
    }
  })
  return { clock, current, asked: () => asked }
}

t.test('an element\'s proof', async t => {
  t.test('is another after it was refused, and leads to other addresses', async t => {
    const { current } = setUp({ link: `${base}camera/1/snapshot?sig=old` }, [{ link: `${base}camera/1/snapshot?sig=new` }])
    t.same(await current.refused(), { link: `${base}camera/1/snapshot?sig=new` })
    t.equal(current.pictures.snapshot, `${base}camera/1/snapshot?sig=new`)
    t.equal(current.socket, undefined)
  })
  t.test('is asked for again after five seconds, and stays if there is no other', async t => {
    const { clock, current, asked } = setUp({ token: 'a' }, [new Error('no network'), { token: 'a' }, undefined, { token: 'b' }])
    for (let i = 0; i < 3; i++) {
      t.equal(await current.refused(), undefined)
      t.equal(await current.refused(), undefined, 'not at once')
      clock.advance(5_000)
    }
    t.equal(asked(), 3)
    t.same(current.proof, { token: 'a' })
    t.same(await current.refused(), { token: 'b' })
  })
  t.test('is renewed shortly before a link ends, also one that is good for months', async t => {
    const { clock, current } = setUp({}, [])
    const days = 24 * 60 * 60_000
    for (const [left, after] of [[60_000, 55_000], [-1_000, 5_000], [40 * days, 40 * days - 5_000]] as const) {
      let ended = 0
      const { clock, current } = setUp({ link: `${base}camera/1?exp=${(new FakeClock().wall() + left) / 1_000}&sig=b` }, [])
      current.watch(() => { ended++ })
      for (let passed = 0; passed < after - 1;) {
        const step = Math.min(after - 1 - passed, days)
        clock.advance(step)
        passed += step
      }
      t.equal(ended, 0)
      clock.advance(1)
      t.equal(ended, 1)
    }
    current.watch(() => t.fail('it is no link'))
    clock.advance(days)
  })
  t.test('is not watched any longer when the element is gone', async t => {
    const { clock, current } = setUp({ link: `${base}camera/1?exp=${new FakeClock().wall() / 1_000 + 60}&sig=b` }, [])
    current.watch(() => t.fail('it is gone'))
    current.close()
    clock.advance(120_000)
  })
})
