import t from 'tap'
import { authorize, EVERY_CAMERA, forbidden, type Decision } from '../../src/access/authorize.js'
import { anyone, rights, type Principal, type Right, type Scope, type Sight } from '../../src/access/principal.js'

const may = (right: Right, cameras: Sight): Principal => ({ kind: 'user', name: 'anna', right, cameras, issuedAt: 0 })
const own = new Set(['1', '2'])

/** Who asks, and what they get on a route without a camera, with their own, and with a camera that they may not see. */
const table: Array<[who: string, Principal | undefined, scope: Scope, Decision, Decision, Decision]> = [
  ['nobody', undefined, 'public', 'allowed', 'allowed', 'allowed'],
  ['nobody', undefined, 'view', 'unknown', 'unknown', 'unknown'],
  ['nobody', undefined, 'control', 'unknown', 'unknown', 'unknown'],
  ['nobody', undefined, 'admin', 'unknown', 'unknown', 'unknown'],
  ['a viewer', may('view', own), 'public', 'allowed', 'allowed', 'allowed'],
  ['a viewer', may('view', own), 'view', 'allowed', 'allowed', 'hidden'],
  ['a viewer', may('view', own), 'control', 'forbidden', 'forbidden', 'forbidden'],
  ['a viewer', may('view', own), 'admin', 'forbidden', 'forbidden', 'forbidden'],
  ['an operator', may('control', own), 'view', 'allowed', 'allowed', 'hidden'],
  ['an operator', may('control', own), 'control', 'allowed', 'allowed', 'hidden'],
  ['an operator', may('control', own), 'admin', 'forbidden', 'forbidden', 'forbidden'],
  ['an administrator', may('admin', own), 'control', 'allowed', 'allowed', 'hidden'],
  ['an administrator', may('admin', own), 'admin', 'allowed', 'allowed', 'hidden'],
  ['a viewer of all', may('view', 'all'), 'view', 'allowed', 'allowed', 'allowed'],
  ['somebody without a camera', may('view', new Set()), 'view', 'allowed', 'hidden', 'hidden']
]

t.test('authorize', async t => {
  for (const [who, principal, scope, none, mine, foreign] of table) {
    t.same([undefined, '1', '3'].map(camera => authorize(principal, scope, camera)), [none, mine, foreign], `${who}, ${scope}`)
  }
  const of = (principal: Principal | undefined) => authorize(principal, 'view', EVERY_CAMERA)
  t.same([of(undefined), of(may('view', own)), of(may('admin', own)), of(may('view', 'all'))], ['unknown', 'forbidden', 'forbidden', 'allowed'], 'a route about every camera')
  t.equal(authorize(may('view', 'all'), 'control', EVERY_CAMERA), 'forbidden')
  t.match(forbidden(may('admin', own), 'view').message, /^anna may not do this: it takes the right view of all cameras, and they may see only some\.$/)
  t.match(forbidden(may('view', 'all'), 'admin').message, /it takes the right admin, and they have view\.$/)
  for (const right of rights) t.equal(authorize(anyone(right), right, '1'), 'allowed', `anyone who has ${right}`)
})
