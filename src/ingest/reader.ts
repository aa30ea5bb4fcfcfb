import type { CodedPicture } from '../codec/coded-picture.js'
import type { Track } from '../codec/track.js'

/** What a camera sends. A field is undefined while it is unknown, or if this kind of reader cannot know it. */
export interface ReaderReport {
  readonly transport: 'tcp' | 'udp' | 'http' | 'pipe'
  readonly codec: Track['codec']
  /** For display, such as `High 4.1`. */
  readonly profile: string | undefined
  /** Pixels. */
  readonly width: number | undefined
  readonly height: number | undefined
  /** Pictures per second, over the last seconds. */
  readonly fps: number
  readonly bitsPerSecond: number
  readonly packetsLost?: number
  /** Incomplete pictures that were dropped, and pictures that depend on lost data. */
  readonly picturesDamaged: number
  /** RFC 3550 section 6.4.1, in milliseconds. */
  readonly jitterMs?: number
  /** The camera's own clock, milliseconds since 1970; undefined if the camera does not send it. */
  readonly cameraTime: number | undefined
}

/** `Why` is the type of a reader's reason to end. */
export interface ReaderEvents<Why = Error> {
  /** The first event. Pictures follow. */
  readonly onTrack: (track: Track) => void
  readonly onPicture: (picture: CodedPicture) => void
  /** The camera reports that its last picture is still the newest. */
  readonly onUnchanged: () => void
  /** Called once, after every socket has closed, and never before the reader is returned. Undefined after `stop()`. */
  readonly onEnd: (why: Why | undefined) => void
}

/** One attempt to read one camera with camgate's own code, without ffmpeg. */
export interface Reader {
  /** Undefined before the camera has agreed to send. */
  report (): ReaderReport | undefined
  /** Why no picture can be shown yet, if that is known: a clause for the middle of a sentence. */
  readonly lastError: string | undefined
  /** Idempotent, and legal at any time. */
  stop (): void
}
