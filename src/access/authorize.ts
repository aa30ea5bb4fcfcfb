import { CamgateError } from '../errors.js'
import { includes, sees, type Principal, type Right, type Scope } from './principal.js'

/** `unknown`: who asks must first say who they are. `hidden`: to them, the camera does not exist. */
export type Decision = 'allowed' | 'unknown' | 'forbidden' | 'hidden'

/** A route about all cameras together, also those that are added later. */
export const EVERY_CAMERA = Symbol('every camera')

/** Whether a principal may use a route of this scope, and this camera if the route is about one. The only place that decides it. */
export function authorize (principal: Principal | undefined, scope: Scope, camera?: string | typeof EVERY_CAMERA): Decision {
  if (scope === 'public') return 'allowed'
  if (!principal) return 'unknown'
  if (!includes(principal.right, scope)) return 'forbidden'
  if (camera === EVERY_CAMERA) return principal.cameras === 'all' ? 'allowed' : 'forbidden'
  return camera === undefined || sees(principal.cameras, camera) ? 'allowed' : 'hidden'
}

/** @returns what somebody is told whose right does not suffice. */
export const forbidden = ({ name, right }: Principal, scope: Scope): CamgateError => new CamgateError('FORBIDDEN', includes(right, scope as Right)
  ? `${name} may not do this: it takes the right ${scope} of all cameras, and they may see only some.`
  : `${name} may not do this: it takes the right ${scope}, and they have ${right}.`)
