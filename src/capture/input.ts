import { Type, type Static } from 'typebox'
import type { CodedHubReport } from '../coded/coded-hub.js'
import type { ReaderReport } from '../ingest/reader.js'
import { IsoTime, nullable } from '../json-schema.js'
import { quotable } from '../text/redact.js'
import type { DecodingReport } from '../transcode/decoding.js'
import type { DamagePeriod } from '../ingest/damage-tracker.js'

/** How a camera is read, and what it sends. Times are the clock's `now()`. */
export type InputReport = Partial<DecodingReport> & { readonly copied: boolean | undefined } & (
  | { readonly ingest: 'ffmpeg', readonly codec: string | undefined, readonly reason?: string }
  | { readonly ingest: 'direct', readonly damage: DamagePeriod | undefined } & ReaderReport
)

/** The report as JSON; null is unknown. */
export const InputStatusSchema = Type.Object({
  ingest: Type.Enum(['direct', 'ffmpeg'], { description: 'What reads the camera: camgate itself, or ffmpeg, which reports less' }),
  reason: nullable(Type.String(), 'Why ffmpeg reads it although camgate itself should'),
  transport: nullable(Type.Enum(['tcp', 'udp', 'http', 'pipe']), 'How RTP travels; http or pipe where there is no RTP'),
  copied: nullable(Type.Boolean(), "Whether viewers get the camera's own JPEGs, byte for byte; otherwise pictures are encoded here"),
  codec: nullable(Type.String(), 'h264, h265, mjpeg, …'),
  profile: nullable(Type.String(), "The codec's profile, in words"),
  width: nullable(Type.Integer(), 'Pixels, as the camera sends them'),
  height: nullable(Type.Integer(), 'Pixels, as the camera sends them'),
  fps: nullable(Type.Number(), 'Pictures a second that the camera sends'),
  bitsPerSecond: nullable(Type.Integer(), 'Received from the camera, averaged over about 5 seconds'),
  packetsLost: nullable(Type.Integer(), 'Since the connection began'),
  picturesDamaged: nullable(Type.Integer(), 'Pictures that lacked a part and were dropped, and pictures that depend on something that was lost'),
  damaged: nullable(
    Type.Object({ since: IsoTime, pictures: Type.Integer() }),
    'Pictures depend on something that was lost, up to the next clean one: since when, and how many so far'
  ),
  jitterMs: nullable(Type.Number(), 'How unevenly packets arrive (RFC 3550), in milliseconds'),
  keyIntervalMs: nullable(Type.Integer(), 'Milliseconds between two key pictures. A decoder can begin only at one'),
  group: nullable(
    Type.Object({ pictures: Type.Integer(), bytes: Type.Integer(), durationMs: Type.Integer() }),
    'The pictures since the last key picture, which camgate keeps so that a viewer sees the newest one at once; null while it keeps none'
  ),
  groupExceeded: nullable(Type.Enum(['bytes', 'time']), 'Why it keeps none until the next key picture: they were more than 8 MB, or went on for more than 12 seconds. A new viewer waits for that key picture'),
  pictureAgeMs: nullable(Type.Integer(), 'Milliseconds since the newest picture arrived from the camera, whether it is decoded or not; null if nothing has to be decoded'),
  reorders: nullable(Type.Boolean(), 'Whether pictures arrive in another order than they are shown, as with B-frames; null while that is unknown'),
  reorderDelayMs: nullable(Type.Integer(), 'How much later everybody sees a picture because of that: milliseconds that a decoder holds it, as far as the stream says'),
  notes: Type.Array(Type.String(), { description: 'What differs from the configuration, and why' }),
  cameraTime: nullable(IsoTime, "The time of the camera's own clock")
})
export type InputStatus = Static<typeof InputStatusSchema>

/** `coded` is undefined if nothing has to be decoded, or ffmpeg reads the camera. `iso` converts the clock's `now()`. */
export function inputStatus (report: InputReport, coded: CodedHubReport | undefined, iso: (at: number) => string): InputStatus {
  const making = { copied: report.copied ?? null, ...codedStatus(coded, 'fps' in report ? report.fps : 0), notes: [...report.notes ?? []] }
  if (report.ingest === 'ffmpeg') return { ...unknown, ...making, ingest: 'ffmpeg', codec: report.codec ?? null, reason: report.reason === undefined ? null : quotable(report.reason) }
  const { transport, codec, profile, width, height, fps, bitsPerSecond, packetsLost, picturesDamaged, jitterMs, cameraTime, damage } = report
  return {
    ...{ ingest: 'direct', reason: null, transport, codec, fps, bitsPerSecond, picturesDamaged },
    ...making,
    packetsLost: packetsLost ?? null,
    profile: profile ?? null,
    width: width ?? null,
    height: height ?? null,
    jitterMs: jitterMs === undefined ? null : Math.round(10 * jitterMs) / 10,
    cameraTime: isoOrNull(cameraTime),
    damaged: damage ? { since: iso(damage.since), pictures: damage.pictures } : null
  }
}

const codedStatus = (coded: CodedHubReport | undefined, fps: number) => ({
  keyIntervalMs: coded?.keyIntervalMs ?? null,
  group: coded?.group ?? null,
  groupExceeded: coded?.groupExceeded ?? null,
  pictureAgeMs: coded?.pictureAgeMs ?? null,
  reorders: coded?.reorders ?? null,
  reorderDelayMs: coded?.reorders && coded.reorderPictures && fps > 0 ? Math.round(1_000 * coded.reorderPictures / fps) : null
})

const unknown = {
  ...{ transport: null, profile: null, width: null, height: null, fps: null, bitsPerSecond: null, packetsLost: null },
  ...{ picturesDamaged: null, damaged: null, jitterMs: null, cameraTime: null }
}

/** The range of a Date, in milliseconds around 1970. */
const MAX_DATE_MS = 8.64e15
/** A camera's clock may be any number. */
const isoOrNull = (wall: number | undefined): string | null =>
  wall !== undefined && Math.abs(wall) < MAX_DATE_MS ? new Date(wall).toISOString() : null
