import { CamgateError } from '../errors.js'
import type { Authorizer } from './authorizer.js'
import { parseChallenges } from './challenge.js'

/** Whether to send a request again, with a login, after a response with these challenges. Throws NO_PROOF if we cannot log in, DOWNGRADE if we refuse to. */
export function shouldRetry (authorizer: Authorizer, offered: readonly string[]): boolean {
  if (offered.length > 0 && parseChallenges(offered).length === 0) {
    throw new CamgateError('NO_PROOF', 'The camera asks for a proof of the password other than Basic, or Digest with MD5, SHA-256 or SHA-512-256, which camgate does not know.')
  }
  if (authorizer.isDowngrade(offered)) {
    throw new CamgateError('DOWNGRADE', 'The camera asked for Digest before, and now for the password itself (Basic). It is not sent: somebody else may be answering. If the camera is set up that way, write auth: basic.')
  }
  return authorizer.challenged(offered)
}
