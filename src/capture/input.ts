import type { ReaderReport } from '../ingest/reader.js'
import { quotable } from '../redact.js'
import type { Overload } from '../transcode/drop-counter.js'
import type { TranscodingReport } from '../transcode/transcoding.js'
import type { DamageSpell } from './spell.js'

/** How a camera is read, and what it sends. */
export type InputReport = Partial<TranscodingReport> & { readonly copied: boolean | undefined } & (
  | { readonly ingest: 'ffmpeg', readonly codec: string | undefined, readonly reason?: string }
  | { readonly ingest: 'direct', readonly overload: Overload | undefined, readonly damage: DamageSpell | undefined } & ReaderReport
)

/** The same for the outside, times as ISO 8601; null is not known. */
export interface InputStatus {
  ingest: 'direct' | 'ffmpeg'
  /** Why ffmpeg reads it although camgate itself was to. */
  reason: string | null
  transport: 'tcp' | 'udp' | 'http' | 'pipe' | null
  /** Whether viewers get the camera's own JPEGs, byte for byte; else they are encoded here. */
  copied: boolean | null
  codec: string | null
  profile: string | null
  /** Pixels, as the camera sends them. */
  width: number | null
  height: number | null
  /** Pictures a second that come from the camera. */
  fps: number | null
  bitsPerSecond: number | null
  packetsLost: number | null
  /** Pictures that lacked a part and were left out, and those that depend on something that was lost. */
  picturesDamaged: number | null
  /** Since when, and how many, pictures have depended on something that was lost. */
  damaged: { since: string, pictures: number } | null
  jitterMs: number | null
  /** What decodes its pictures: `software`, `vaapi` …; null where nothing does. */
  decoder: string | null
  /** What is otherwise than configured, and why. */
  notes: string[]
  /** What the camera's own clock says now. */
  cameraTime: string | null
  /** Since when, and how many of its pictures were left out, because this machine decodes less than the camera sends. */
  overloaded: { since: string, picturesDropped: number } | null
}

/** `iso` is of the clock's `now()`. */
export function inputStatus (report: InputReport, iso: (at: number) => string): InputStatus {
  const making = { copied: report.copied ?? null, decoder: report.decoder ?? null, notes: [...report.notes ?? []] }
  if (report.ingest === 'ffmpeg') return { ...unknown, ...making, ingest: 'ffmpeg', codec: report.codec ?? null, reason: report.reason === undefined ? null : quotable(report.reason) }
  const { transport, codec, profile, width, height, fps, bitsPerSecond, packetsLost, picturesDamaged, jitterMs, cameraTime, overload, damage } = report
  return {
    ...{ ingest: 'direct', reason: null, transport, codec, fps, bitsPerSecond, picturesDamaged },
    ...making,
    packetsLost: packetsLost ?? null,
    profile: profile ?? null,
    width: width ?? null,
    height: height ?? null,
    jitterMs: jitterMs === undefined ? null : Math.round(10 * jitterMs) / 10,
    cameraTime: isoOrNull(cameraTime),
    damaged: damage ? { since: iso(damage.since), pictures: damage.pictures } : null,
    overloaded: overload ? { since: iso(overload.since), picturesDropped: overload.dropped } : null
  }
}

const unknown = {
  ...{ transport: null, profile: null, width: null, height: null, fps: null, bitsPerSecond: null, packetsLost: null },
  ...{ picturesDamaged: null, damaged: null, jitterMs: null, cameraTime: null, overloaded: null }
}

/** A camera's clock may say anything; a Date holds 8.64e15 milliseconds. */
const isoOrNull = (wall: number | undefined): string | null =>
  wall !== undefined && Math.abs(wall) < 8.64e15 ? new Date(wall).toISOString() : null
