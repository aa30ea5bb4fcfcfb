import type { Sight } from '../../access/principal.js'
import type { Credentials } from '../../credentials.js'
import type { NotifyEvent } from './schema.js'

/** A program that is told what happens to cameras. `schema.ts` describes each key. */
export interface NotifyTarget {
  /** Without credentials. All that follows its host is secret. */
  readonly url: string
  readonly credentials?: Credentials
  readonly on: readonly NotifyEvent[]
  readonly afterMs: number
  readonly cameras: Sight
  /** The key that signs, base64. */
  readonly key?: string
}
