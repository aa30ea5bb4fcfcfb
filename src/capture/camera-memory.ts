import type { LiveCamera } from '../config/registry.js'
import type { Failure } from '../failure/failure.js'
import { unansweredLogin } from '../failure/sentences.js'
import type { Target } from '../failure/target.js'
import { newAuthMemory } from '../http-auth/authorizer.js'
import { addressOf } from '../ingest/address.js'
import { labelOf } from '../sources/kinds.js'

/** What the attempts at one camera pass on to the next ones. It lives as long as the camera's supervisor. */
export class CameraMemory {
  /** What sentences about the camera may name. */
  readonly target: Target
  /** How the camera takes its password. */
  readonly auth = newAuthMemory()
  /** What the camera sent last, by ffmpeg's name for it. */
  codec: string | undefined
  /** Why the next attempt is ffmpeg's, although camgate itself was to make it. */
  ffmpegReason: string | undefined
  /** The last such reason in the log. */
  loggedReason: string | undefined
  /** The hardware decoder that made no picture of what the camera sends. */
  failedDecoder: string | undefined
  hasLoggedDecoder = false
  /** When damaged pictures were logged last, by the clock. */
  damageLoggedAt = -Infinity

  constructor (camera: Pick<LiveCamera, 'source' | 'credentials'>) {
    this.target = targetOf(camera)
  }

  /** Call it once for each attempt, at its very end: ffmpeg may have gone on where camgate's own reader got no answer to its login. */
  endOf (failure: Failure | undefined): Failure | undefined {
    if (!this.auth.unanswered) return failure
    this.auth.unanswered = false
    return unansweredLogin(failure)
  }
}

/** Holds nothing secret. */
export function targetOf ({ source, credentials }: Pick<LiveCamera, 'source' | 'credentials'>): Target {
  const hasCredentials = credentials !== undefined
  const label = labelOf(source)
  const address = 'url' in source ? addressOf(source.url, false) : undefined
  if (!address) return { hasCredentials }
  const path = label.replace(/^[a-z]+:\/\/[^/?#]*/i, '') || '/'
  return { hasCredentials, place: { host: address.host, port: address.port, path } }
}
