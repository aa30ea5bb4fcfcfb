import { CamgateError } from './errors.js'
import type { Frame, FrameStamp } from './frames/frame.js'
import type { SplitJpeg } from './jpeg/splitter.js'

/** Separates the parts of every MJPEG response. It is a constant, so that one buffer serves all viewers. No picture may contain it. */
export const BOUNDARY = 'camgate-frame'
const BOUNDARY_BYTES = Buffer.from(BOUNDARY)

/** The start of a multipart response. Each part ends with the boundary of the next. */
export const OPENING = Buffer.from(`--${BOUNDARY}\r\n`)
const CLOSING = Buffer.from(`\r\n--${BOUNDARY}\r\n`)

/** One part per frame, so that all its viewers are sent the same buffer. */
const parts = new WeakMap<Frame, Buffer>()

/**
 * Returns a frame whose JPEG is a view of its part: each byte is copied once, into the buffer that is sent to viewers.
 * @throws {CamgateError} BOUNDARY_IN_PICTURE: a browser would end the picture there and interpret the rest as a part of any type, even a script.
 */
export function assembleFrame (picture: SplitJpeg, stamp: FrameStamp): Frame {
  const { part, jpeg } = layOut(picture, stamp)
  if (jpeg.includes(BOUNDARY_BYTES)) throw new CamgateError('BOUNDARY_IN_PICTURE', `a picture holds the text "${BOUNDARY}", at which a browser would end it`)
  const { width, height } = picture
  const frame = { ...stamp, damaged: stamp.damaged ?? false, live: stamp.state === undefined, width, height, jpeg }
  parts.set(frame, part)
  return frame
}

/** The frame's headers, JPEG and the next boundary. A renumbered frame gets its own part, with its own copy of the JPEG. */
export function partOf (frame: Frame): Buffer {
  let part = parts.get(frame)
  if (!part) {
    part = layOut({ pieces: [frame.jpeg], length: frame.jpeg.length }, frame).part
    parts.set(frame, part)
  }
  return part
}

/** Puts the boundary directly after the JPEG, because browsers paint a part only when they receive its end. */
function layOut ({ pieces, length }: Pick<SplitJpeg, 'pieces' | 'length'>, { seq, wall, state, damaged }: FrameStamp) {
  const headers = 'Content-Type: image/jpeg\r\n' +
    `Content-Length: ${length}\r\n` +
    `X-Timestamp: ${(wall / 1000).toFixed(3)}\r\n` + // in seconds, like ustreamer and mjpg-streamer
    `X-Sequence: ${seq}\r\n` +
    (damaged ? 'X-Damaged: 1\r\n' : '') +
    (state === undefined ? '\r\n' : `X-Camera-State: ${state}\r\n\r\n`)
  const part = Buffer.allocUnsafe(headers.length + length + CLOSING.length)
  let end = part.write(headers, 'latin1')
  for (const piece of pieces) end += piece.copy(part, end)
  CLOSING.copy(part, end)
  return { part, jpeg: part.subarray(headers.length, end) }
}
