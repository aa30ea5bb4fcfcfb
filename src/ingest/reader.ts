import type { CodedPicture } from '../rtsp/depacketizer.js'
import type { ReceivedTrack } from '../rtsp/track.js'
import type { CarriageReport } from './carriage.js'

export interface ReaderEvents {
  /** What the camera sends is known; pictures follow. */
  readonly onTrack: (track: Pick<ReceivedTrack, 'codec'>) => void
  readonly onPicture: (picture: Pick<CodedPicture, 'key' | 'bytes'>) => void
  /** Once, when nothing is left of it: why it ended, undefined after `stop()`. Never before the reader was returned. */
  readonly onEnd: (error: Error | undefined) => void
}

/** One reading of one camera by camgate itself. */
export interface Reader {
  /** Undefined before the camera has agreed to send. */
  report (): CarriageReport | undefined
  /** What seems to be wrong, in words, while nothing has come that can be shown. */
  readonly complaint: string | undefined
  /** Idempotent, and legal at any time. */
  stop (): void
}
