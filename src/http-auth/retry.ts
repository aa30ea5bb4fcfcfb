import { CamgateError } from '../errors.js'
import type { Authorizer } from './authorizer.js'
import { parseChallenges } from './challenge.js'

/** Whether a request that was answered with these challenges is worth another try with proof of who we are. Throws NO_PROOF where we cannot prove it, DOWNGRADE where we will not. */
export function worthAnother (authorizer: Authorizer, offered: readonly string[]): boolean {
  if (offered.length > 0 && parseChallenges(offered).length === 0) {
    throw new CamgateError('NO_PROOF', 'The camera asks for a proof of the password other than Basic, or Digest with MD5, SHA-256 or SHA-512-256, which camgate does not know.')
  }
  if (authorizer.isDowngrade(offered)) {
    throw new CamgateError('DOWNGRADE', 'The camera asked for Digest before, and now for the password itself (Basic). It is not sent: somebody else may be answering. If the camera was set up so, write auth: basic.')
  }
  return authorizer.challenged(offered)
}
