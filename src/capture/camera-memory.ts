import type { LiveCamera } from '../config/registry.js'
import type { Failure } from '../failure/failure.js'
import { unansweredLogin } from '../failure/sentences.js'
import type { Target } from '../failure/target.js'
import { newAuthMemory, type AuthMemory } from '../http-auth/authorizer.js'
import { addressOf } from '../ingest/address.js'
import { proofOf } from '../sources/http.js'
import { labelOf } from '../sources/kinds.js'

/** State that a camera's attempts share. It lives as long as the camera's supervisor. */
export class CameraMemory {
  /** For messages about the camera. */
  readonly target: Target
  readonly auth: AuthMemory
  /** The codec that the camera sent last, by ffmpeg's name for it. */
  codec: string | undefined
  /** Why ffmpeg makes the next attempt instead of camgate. */
  ffmpegReason: string | undefined
  /** The last `ffmpegReason` in the log. */
  loggedReason: string | undefined
  /** The hardware decoder that made no picture from the camera's stream. */
  failedDecoder: string | undefined
  /** When damaged pictures were logged last, by the clock. */
  damageLoggedAt = -Infinity

  /** `auth`: what is known from another of the camera's addresses. */
  constructor (camera: Pick<LiveCamera, 'source' | 'credentials'>, auth: AuthMemory = newAuthMemory()) {
    this.auth = auth
    this.target = targetOf(camera)
  }

  /** Call this once, at the very end of an attempt: ffmpeg may have taken over from a reader whose login got no answer. */
  endOf (failure: Failure | undefined): Failure | undefined {
    if (!this.auth.unanswered) return failure
    this.auth.unanswered = false
    return unansweredLogin(failure)
  }
}

/** Contains no secrets. */
export function targetOf ({ source, credentials }: Pick<LiveCamera, 'source' | 'credentials'>): Target {
  const hasCredentials = credentials !== undefined
  const label = labelOf(source)
  const address = 'url' in source ? addressOf(source.url, false) : undefined
  if (!address) return { hasCredentials }
  const path = label.replace(/^[a-z]+:\/\/[^/?#]*/i, '') || '/'
  const proof = 'url' in source && !hasCredentials ? proofOf(source) : undefined
  return { hasCredentials, ...proof && { proof }, place: { host: address.host, port: address.port, path } }
}
