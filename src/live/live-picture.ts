import type { Published } from '../frames/drop-policy.js'
import type { Size } from '../picture-size.js'

/** What a browser's decoder has to know before the first picture. */
export interface LiveConfig extends Size {
  /** Rises with each change of the camera's video, and with each new connection to it. */
  readonly epoch: number
  readonly kind: 'h264' | 'h265'
  /** As in RFC 6381: `avc1.64001f`. */
  readonly codec: string
  /** Whether pictures arrive, or may arrive, in another order than they are shown. */
  readonly reorders: boolean
}

/** One access unit of a camera's own video. All viewers share its bytes, so nobody may write to them. */
export interface LivePicture extends Published {
  readonly key: boolean
  readonly damaged: boolean
  /** The same object up to the next key picture that differs. */
  readonly config: LiveConfig
  /** An Annex B byte stream, with parameter sets in front of a key picture and no delimiter at the end. */
  readonly bytes: Buffer
}
