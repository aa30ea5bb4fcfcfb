import { CamgateError } from '../errors.js'
import type { Failure } from '../failure/failure.js'
import { badStream, endedStream, failure, LOCKOUT_NOTE, silent } from '../failure/sentences.js'
import { pathOf, portOf, unnamed, type Target } from '../failure/target.js'
import { connectionFailure } from '../ingest/failure.js'
import { HttpRefusal } from './http-answer.js'

/** Classifies the error that ended reading a camera over HTTP. */
export function httpFailure (error: Error, hadPictures: boolean, target: Target = unnamed): Failure {
  if (error instanceof HttpRefusal) return refusal(error, target)
  if ('code' in error && error.code === 'ECONNREFUSED') return { code: 'refused', message: `Nothing answers at ${portOf(target)}. Check that the camera is on, and the port of its web page.` }
  switch (error instanceof CamgateError && error.code) {
    case 'HTTP_CLOSED': return endedStream(hadPictures)
    case 'HTTP_SILENT': return hadPictures ? failure('stalled', target) : silent(target)
    case 'UNSUPPORTED_CONTENT': return { code: 'unsupported', message: error.message }
    case 'UPSTREAM_NO_PICTURE': return { code: 'stalled', message: error.message }
    case 'HTTP_LIMIT': return badStream('the headers of its answer have no end')
    case 'HTTP_SYNTAX': return badStream('what answers at this port does not speak HTTP')
    default: return connectionFailure(error, hadPictures, target, 'http')
  }
}

function refusal ({ status, message }: HttpRefusal, target: Target): Failure {
  switch (status) {
    case 401: return refusedProof(target) ?? failure('auth', target)
    case 403: return refusedProof(target) ?? forbidden(target)
    case 404:
    case 410: return { code: 'not-found', message: `The camera has no picture at ${pathOf(target)}. Check the path in its URL${target.proof ? `, and whether the ${target.proof} is for this camera` : ''}.` }
    case 429:
    case 503: return failure('busy')
    default: return { code: status >= 500 ? 'exited' : 'unsupported', message: `${message} Check the path in its URL.` }
  }
}

/** The next try need not wait: nobody guesses a token, so another camgate counts no wrong ones. */
function refusedProof ({ proof }: Target): Failure | undefined {
  switch (proof) {
    case 'token': return { code: 'auth', message: 'The other camgate refuses this token. It may have expired, or not be for this camera: give another in cameras.yaml.' }
    case 'link': return { code: 'auth', message: 'The other camgate refuses this signed address. It may have expired: sign it again, or give a token in cameras.yaml.' }
    case undefined: return undefined
  }
}

const forbidden = ({ hasCredentials }: Target): Failure => hasCredentials
  ? { code: 'auth', locks: true, message: `The camera does not let this user see its pictures (403). Check username and password in cameras.yaml, and what the user may do in the camera; ${LOCKOUT_NOTE}` }
  : { code: 'auth', message: 'The camera shows its pictures to nobody without a username and password (403). Give both for this camera in cameras.yaml.' }
