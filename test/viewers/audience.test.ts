import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import t from 'tap'
import type { Principal } from '../../src/access/principal.js'
import type { ProofEnd } from '../../src/access/revocations.js'
import { Audience } from '../../src/viewers/audience.js'
import { FakeClock } from '../fake-clock.js'

const anna: Principal = { kind: 'user', name: 'anna', right: 'view', cameras: 'all', issuedAt: 0 }
const ben: Principal = { ...anna, name: 'ben' }

function watching () {
  const clock = new FakeClock()
  const ended = new Map<string, ProofEnd>()
  const asked: string[] = []
  const left: string[] = []
  const audience = new Audience(clock, ({ name }) => {
    asked.push(name)
    return ended.get(name)
  })
  const add = (principal: Principal) => {
    const response = new EventEmitter() as ServerResponse
    audience.add(principal, response, why => left.push(`${principal.name} ${why}`))
    return response
  }
  return { clock, ended, asked, left, audience, add }
}

t.test('an audience', async t => {
  t.test('is asked every five seconds, and who may not watch leaves once', async t => {
    const { clock, ended, left, add } = watching()
    add(anna)
    add(ben)
    ended.set('ben', 'expired')
    clock.advance(4_999)
    t.same(left, [])
    clock.advance(1)
    t.same(left, ['ben expired'])
    ended.set('anna', 'revoked')
    clock.advance(5_000)
    t.same(left, ['ben expired', 'anna revoked'])
    clock.advance(60_000)
    t.equal(left.length, 2)
  })

  t.test('can be asked at once', async t => {
    const { ended, left, audience, add } = watching()
    for (const principal of [anna, ben, ben]) add(principal)
    ended.set('ben', 'revoked')
    t.equal(audience.check(), 2)
    t.equal(audience.check(), 0)
    t.same(left, ['ben revoked', 'ben revoked'])
  })

  t.test('is not asked once it has left, and begins again with the next viewer', async t => {
    const { clock, asked, add } = watching()
    add(anna).emit('close')
    clock.advance(60_000)
    t.same(asked, [])
    add(ben)
    clock.advance(10_000)
    t.same(asked, ['ben', 'ben'])
  })
})
