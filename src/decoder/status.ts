import { Type, type Static } from 'typebox'
import type { Clock } from '../clock.js'
import { IsoTime, nullable } from '../json-schema.js'
import type { State } from '../lifecycle/state.js'
import { isoBy, stateStatus, StateStatusSchema } from '../lifecycle/status.js'
import type { DecodingReport } from '../transcode/decoding.js'
import type { Overload } from '../transcode/drop-counter.js'

/** What makes JPEGs of the pictures that a camera sends. */
export const DecoderStatusSchema = Type.Object({
  name: nullable(Type.String(), 'What decodes: software, vaapi, …; null while nothing does'),
  ...StateStatusSchema.properties,
  for: nullable(
    Type.Enum(['viewers', 'linger', 'always']),
    'Why it runs: somebody watches; somebody did, up to 10 seconds ago; or because of the configuration, or since ffmpeg also reads the camera. null while nobody needs pictures'
  ),
  notes: Type.Array(Type.String(), { description: 'What differs from the configuration, and why' }),
  overloaded: nullable(
    Type.Object({ since: IsoTime, picturesDropped: Type.Integer() }),
    'This machine decodes less than the camera sends: pictures are dropped, and the fps of the camera is the rate reached'
  )
})
export type DecoderStatus = Static<typeof DecoderStatusSchema>
export type DecodedFor = DecoderStatus['for']

export interface DecoderReport {
  readonly state: State
  readonly for: DecodedFor
  /** Undefined while nothing decodes. */
  readonly decoding?: Partial<DecodingReport> | undefined
  /** Undefined while the decoder keeps up. */
  readonly overload?: Overload | undefined
}

export function decoderStatus ({ state, for: reason, decoding, overload }: DecoderReport, clock: Clock): DecoderStatus {
  return {
    name: decoding?.decoder ?? null,
    ...stateStatus(state, clock),
    for: reason,
    notes: [...decoding?.notes ?? []],
    overloaded: overload ? { since: isoBy(clock)(overload.since), picturesDropped: overload.dropped } : null
  }
}
