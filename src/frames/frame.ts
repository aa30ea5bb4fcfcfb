import { CamgateError } from '../errors.js'
import type { SplitJpeg } from '../jpeg/splitter.js'

/** Separates the parts of every MJPEG response. Never changes, so that one buffer serves all viewers; no part may hold it. */
export const BOUNDARY = 'camgate-frame'

/**
 * One whole JPEG: a camera's picture or, where there is none, the status frame that says why. Wrapped once for
 * multipart and shared by all who receive it. Nobody may write into its buffers.
 */
export interface Frame {
  /** Rises by one with each frame of a hub; never starts again while the process lives. */
  readonly seq: number
  /** When its last byte arrived, or when the status frame was shown: the clock's `now()`, milliseconds. */
  readonly at: number
  /** Whether it is a picture that the camera has just sent; false for a status frame. */
  readonly live: boolean
  /** Whether a loss on its way from the camera has left, or may have left, something old or wrong in it. */
  readonly damaged: boolean
  /** The picture's size in pixels, as its own header says. */
  readonly width: number
  readonly height: number
  /** Part headers, JPEG and the next boundary. The boundary stands right behind the JPEG because browsers paint a part only when they see its end. */
  readonly part: Buffer
  /** The JPEG alone: a view into `part`. */
  readonly jpeg: Buffer
}

/** What a multipart response starts with; each part then ends with the boundary of the next. */
export const OPENING = Buffer.from(`--${BOUNDARY}\r\n`)
const CLOSING = Buffer.from(`\r\n--${BOUNDARY}\r\n`)
const SOUGHT = Buffer.from(BOUNDARY)

export interface FrameStamp {
  readonly seq: number
  readonly at: number
  /** Milliseconds since 1970; X-Timestamp carries it in seconds, as ustreamer and mjpg-streamer do. */
  readonly wall: number
  /** Of a status frame: why there is no picture, for programs, as in /status. */
  readonly state?: string
  /** Of a camera's picture; false unless given. */
  readonly damaged?: boolean
}

/**
 * Copies each byte of the picture once, into the buffer that all viewers are sent.
 * @throws {CamgateError} BOUNDARY_IN_PICTURE: a browser would end the picture there, and take what follows for a part of any type, a script too.
 */
export function assembleFrame (jpeg: SplitJpeg, { seq, at, wall, state, damaged = false }: FrameStamp): Frame {
  const headers = 'Content-Type: image/jpeg\r\n' +
    `Content-Length: ${jpeg.length}\r\n` +
    `X-Timestamp: ${(wall / 1000).toFixed(3)}\r\n` +
    `X-Sequence: ${seq}\r\n` +
    (damaged ? 'X-Damaged: 1\r\n' : '') +
    (state === undefined ? '\r\n' : `X-Camera-State: ${state}\r\n\r\n`)
  const part = Buffer.allocUnsafe(headers.length + jpeg.length + CLOSING.length)
  let end = part.write(headers, 'latin1')
  for (const piece of jpeg.pieces) end += piece.copy(part, end)
  CLOSING.copy(part, end)
  const picture = part.subarray(headers.length, end)
  if (picture.includes(SOUGHT)) throw new CamgateError('BOUNDARY_IN_PICTURE', `a picture holds the text "${BOUNDARY}", at which a browser would end it`)
  return { seq, at, live: state === undefined, damaged, width: jpeg.width, height: jpeg.height, part, jpeg: picture }
}

/** The same picture with another number, in a buffer of its own. */
export function renumber (frame: Frame, seq: number): Frame {
  if (seq === frame.seq) return frame
  const start = frame.part.length - CLOSING.length - frame.jpeg.length
  const headers = frame.part.toString('latin1', 0, start).replace(/^X-Sequence: \d+/m, `X-Sequence: ${seq}`)
  const part = Buffer.concat([Buffer.from(headers, 'latin1'), frame.part.subarray(start)])
  return { ...frame, seq, part, jpeg: part.subarray(headers.length, part.length - CLOSING.length) }
}
