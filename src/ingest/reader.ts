import type { CodedPicture } from '../codec/coded-picture.js'
import type { Track } from '../codec/track.js'

/** What is known of what a camera sends; undefined is not known, or not to be known on this way. */
export interface ReaderReport {
  readonly transport: 'tcp' | 'udp' | 'http' | 'pipe'
  readonly codec: Track['codec']
  /** In words. */
  readonly profile: string | undefined
  /** Pixels. */
  readonly width: number | undefined
  readonly height: number | undefined
  /** Pictures a second, over the last seconds. */
  readonly fps: number
  readonly bitsPerSecond: number
  readonly packetsLost?: number
  /** Pictures that lacked a part and were left out, and those that depend on something that was lost. */
  readonly picturesDamaged: number
  /** RFC 3550 section 6.4.1, in milliseconds. */
  readonly jitterMs?: number
  /** The camera's own clock, milliseconds since 1970, as far as it tells. */
  readonly cameraTime: number | undefined
}

/** `Why` is how the reason of an end is given. */
export interface ReaderEvents<Why = Error> {
  /** The first event: what the camera sends is known, and pictures follow. */
  readonly onTrack: (track: Track) => void
  readonly onPicture: (picture: CodedPicture) => void
  /** The camera says that its last picture is still the newest. */
  readonly onUnchanged: () => void
  /** Once, when every socket is closed: why it ended, undefined after `stop()`. Never before the reader was returned. */
  readonly onEnd: (why: Why | undefined) => void
}

/** One reading of one camera by camgate itself. */
export interface Reader {
  /** Undefined before the camera has agreed to send. */
  report (): ReaderReport | undefined
  /** Why nothing has come that can be shown, as far as that is known: words for the middle of a sentence. */
  readonly lastError: string | undefined
  /** Idempotent, and legal at any time. */
  stop (): void
}
