import type { IncomingHttpHeaders } from 'node:http'
import { CamgateError } from '../errors.js'

export const entityTag = (etag: string): string => `"${etag}"`

/**
 * Checks If-Match and If-None-Match (RFC 9110, section 13.1) of a request that changes something. Only a client that has seen what exists may change it.
 *
 * @param etag undefined if there is nothing yet
 * @throws {CamgateError} PRECONDITION_FAILED, PRECONDITION_REQUIRED
 */
export function checkPreconditions ({ 'if-match': match, 'if-none-match': noneMatch }: IncomingHttpHeaders, etag: string | undefined): void {
  const lists = (header: string) => header.trim() === '*' ? etag !== undefined : etag !== undefined && header.split(',').some(tag => tag.trim() === entityTag(etag))
  if (noneMatch !== undefined && lists(noneMatch)) throw new CamgateError('PRECONDITION_FAILED', 'There is one with this id already, and nothing was changed.')
  if (match !== undefined && !lists(match)) throw new CamgateError('PRECONDITION_FAILED', 'It has been changed by somebody else since you read it, and nothing was overwritten: read it again.')
  if (etag !== undefined && match === undefined) throw new CamgateError('PRECONDITION_REQUIRED', 'Send If-Match with the ETag of what you read, so that nobody\'s change is overwritten.')
}
