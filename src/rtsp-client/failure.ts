import { CamgateError, defectOf } from '../errors.js'
import type { Failure } from '../failure/failure.js'
import { endedStream, failure, silent, unreadable, withoutFullStop } from '../failure/sentences.js'
import { unnamed, type Target } from '../failure/target.js'
import { connectionFailure } from '../ingest/failure.js'
import { quotable } from '../text/redact.js'
import { RtspRefusal } from './rtsp-client.js'

/** Classifies the error that ended an RTSP session or a relay. */
export function rtspFailure (error: Error, hadPictures: boolean, target: Target = unnamed): Failure {
  if (defectOf(error)) return { ...unreadable(error), notUnderstood: 'a mistake in camgate, which is in the log' }
  if (error instanceof RtspRefusal) return refusal(error, target)
  const words = withoutFullStop(quotable(error.message))
  switch (error instanceof CamgateError && error.code) {
    case 'RTSP_CLOSED': return endedStream(hadPictures)
    case 'RTSP_SILENT': return hadPictures ? failure('stalled', target) : silent(target)
    case 'NO_VIDEO':
    case 'UNSUPPORTED_VIDEO': return {
      code: 'unsupported',
      message: `The camera sends nothing that camgate can show: ${words}. Try another of its streams; with rtsp://, ingest: auto lets ffmpeg try.`,
      notUnderstood: words
    }
    case 'BAD_RTP':
    case 'BAD_SDP':
    case 'BAD_TRANSPORT':
    case 'RTSP_LIMIT':
    case 'RTSP_SYNTAX': return { ...unreadable(error), notUnderstood: words }
    default: return connectionFailure(error, hadPictures, target, 'rtsp')
  }
}

function refusal ({ method, status, message }: RtspRefusal, target: Target): Failure {
  const notUnderstood = quotable(message)
  switch (status) {
    case 401:
    case 403: return failure('auth', target)
    case 404: return { ...failure('not-found', target), ...method !== 'DESCRIBE' && { notUnderstood } } // our reading of a track's URL may be wrong
    case 453:
    case 503: return failure('busy')
    default: return { ...failure('unsupported'), ...status >= 400 && { notUnderstood } } // ffmpeg follows no more redirects than we do
  }
}
