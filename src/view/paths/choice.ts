import type { Accepted } from '../../wire/messages.js'
import type { PathName } from '../protocol.js'

export interface Choice {
  readonly path: PathName
  readonly accept: readonly Accepted[]
  /** Why it is not a better one, in words; empty for the best. */
  readonly reason: string
}

export interface Possibilities {
  /** What VideoDecoder decodes here. */
  readonly decodes: readonly Accepted[]
  /** The `path` attribute. */
  readonly forced: PathName | undefined
  /** What has failed here, and why. */
  readonly failed: ReadonlyMap<PathName, string>
}

/** The best path that is possible; undefined if none is. */
export function choosePath ({ decodes, forced, failed }: Possibilities): Choice | undefined {
  const isPossible = decodes.length > 0 && !failed.has('webcodecs') && (forced ?? 'webcodecs') === 'webcodecs'
  return isPossible ? { path: 'webcodecs', accept: [...decodes, 'jpeg'], reason: '' } : undefined
}
