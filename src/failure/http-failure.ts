import { CamgateError } from '../errors.js'
import { HttpRefusal } from '../http-client/http-answer.js'
import { pathOf, portOf, unnamed, type Target } from './target.js'
import { badStream, failure, mute, SELDOM, type Failure } from './failure.js'
import { rtspFailure } from './rtsp-failure.js'

/** What it means that a camera's answers over HTTP ended as they did; what sockets and TLS say means the same as over RTSP. */
export function httpFailure (error: Error | undefined, hadFrames: boolean, asked: Target = unnamed): Failure {
  if (error instanceof HttpRefusal) return refusal(error, asked)
  const code = error && 'code' in error ? String(error.code) : ''
  const message = error?.message ?? ''
  switch (code) {
    case 'ECONNREFUSED': return { code: 'refused', message: `Nothing answers at ${portOf(asked)}. Check that the camera is on, and the port of its web page.` }
    case 'TLS_SILENT': return { code: 'unsupported', message: `What answers at ${portOf(asked)}, takes the connection, but does not begin TLS. Check the port, or use http://.` }
    case 'HTTP_SILENT': return hadFrames ? failure('stalled', asked) : mute(asked)
    case 'UNFIT': return { code: 'unsupported', message: `The camera sends nothing that camgate can show: ${message.replace(/[.?]$/, '')}${message.endsWith('?') ? '?' : '.'}` }
    case 'RELAYED': return { code: 'stalled', message: `${message}.` }
    case 'HTTP_LIMIT': return badStream('the headers of its answer have no end')
    case 'HTTP_SYNTAX': return badStream('what answers at this port does not speak HTTP')
  }
  if (code.startsWith('ERR_SSL') || code === 'EPROTO') return { code: 'unsupported', message: 'The camera does not speak TLS at this port, or only an old one that is not safe. Check the port, or use http://.' }
  return rtspFailure(error instanceof CamgateError && code === 'HTTP_CLOSED' ? undefined : error, hadFrames, asked)
}

function refusal ({ status, message }: HttpRefusal, asked: Target): Failure {
  switch (status) {
    case 401: return failure('auth', asked)
    case 403: return forbidden(asked)
    case 404:
    case 410: return { code: 'not-found', message: `The camera knows no picture at ${pathOf(asked)}. Check the path in its URL.` }
    case 429:
    case 503: return failure('busy')
    default: return { code: status >= 500 ? 'exited' : 'unsupported', message: `${message.replace(/^the/, 'The')}. Check the path in its URL.` }
  }
}

const forbidden = ({ hasCredentials }: Target): Failure => hasCredentials
  ? { code: 'auth', locks: true, message: `The camera does not let this user see its pictures (403). Check username and password in cameras.yaml, and what the user may do in the camera; ${SELDOM}` }
  : { code: 'auth', message: 'The camera shows its pictures to nobody without a username and password (403). Give both for this camera in cameras.yaml.' }
