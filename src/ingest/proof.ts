import { CamgateError } from '../errors.js'
import type { Authorizer } from '../rtsp/authorizer.js'
import { parseChallenges } from '../rtsp/challenge.js'

/** For one request: the first, and one nonce that went stale meanwhile; cameras lock accounts. */
const MOST_CHALLENGES = 2

/** Whether a request that was answered with these challenges, the `count`th time, is worth another try with proof of who we are. Throws UNSPOKEN where we cannot prove it. */
export function worthAnother (authorizer: Authorizer, offered: readonly string[], count: number): boolean {
  if (offered.length > 0 && parseChallenges(offered).length === 0) {
    throw new CamgateError('UNSPOKEN', 'a proof of the password other than Basic, or Digest with MD5 or SHA-256')
  }
  return count <= MOST_CHALLENGES && authorizer.challenged(offered)
}
