import { CamgateError } from '../errors.js'
import { includes, sees, type Principal, type Scope } from './principal.js'

/** `unknown`: who asks must first say who they are. `hidden`: to them, the camera does not exist. */
export type Decision = 'allowed' | 'unknown' | 'forbidden' | 'hidden'

/** Whether a principal may use a route of this scope, and this camera if the route is about one. The only place that decides it. */
export function authorize (principal: Principal | undefined, scope: Scope, camera?: string): Decision {
  if (scope === 'public') return 'allowed'
  if (!principal) return 'unknown'
  if (!includes(principal.right, scope)) return 'forbidden'
  return camera === undefined || sees(principal.cameras, camera) ? 'allowed' : 'hidden'
}

/** @returns what somebody is told whose right does not suffice. */
export const forbidden = ({ name, right }: Principal, scope: Scope): CamgateError =>
  new CamgateError('FORBIDDEN', `${name} may not do this: it takes the right ${scope}, and they have ${right}.`)
