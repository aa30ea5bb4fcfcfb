/** camgate cannot start. `main.ts` gives each code its exit code. */
export type StartErrorCode = 'CONFIG' | 'NO_FFMPEG' | 'PORT_BUSY' | 'USAGE'

/** A request is refused. `http/errors.ts` gives each code its status. */
export type RequestErrorCode = 'CAMERA_NOT_FOUND' | 'CROSS_SITE' | 'NO_PICTURE' | 'PREFETCH' | 'RENDITION_NOT_FOUND' | 'TOO_MANY_VIEWERS'

export type ErrorCode =
  | StartErrorCode
  | RequestErrorCode
  // A source in cameras.yaml that cannot be used. `config/` catches it.
  | 'SOURCE'
  // A connection to a camera, whatever it speaks.
  | 'BAD_REDIRECT' | 'DOWNGRADE' | 'NO_PROOF' | 'TLS_SILENT' | 'WRONG_PROTOCOL'
  // What a camera says over RTSP.
  | 'BAD_SDP' | 'BAD_TRANSPORT' | 'NO_UDP_PORTS' | 'NO_VIDEO' | 'RTSP_CLOSED' | 'RTSP_FRAMING' | 'RTSP_LIMIT' | 'RTSP_REFUSED' | 'RTSP_SILENT' | 'RTSP_SYNTAX' | 'UNSUPPORTED_VIDEO'
  // What a camera says over HTTP.
  | 'HTTP_CHUNKS' | 'HTTP_CLOSED' | 'HTTP_LIMIT' | 'HTTP_REFUSED' | 'HTTP_SILENT' | 'HTTP_SYNTAX' | 'UNSUPPORTED_CONTENT' | 'UPSTREAM_NO_PICTURE'
  // A camera's pictures.
  | 'BAD_JPEG' | 'BAD_RTP' | 'BOUNDARY_IN_PICTURE' | 'FRAME_TOO_LARGE' | 'NO_SIZE' | 'PICTURE_TOO_LARGE'
  // Simulated cameras.
  | 'BAD_CLIP' | 'BAD_H264' | 'BAD_H265' | 'BAD_SCENE' | 'CLIP_FAILED' | 'UNKNOWN_CAMERA'

/**
 * An error that a person can act on: `message` says what happened, to which camera or file, and what to do, in whole sentences. A parser of
 * what a camera sends throws words without a full stop instead, for the end of "The camera's stream cannot be read: …". A thrown value that
 * is neither a CamgateError nor an error of the system with a code is a defect.
 */
export class CamgateError extends Error {
  readonly code: ErrorCode

  constructor (code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
    this.code = code
  }
}

/** The thrown value, if it shows a mistake in camgate: it has no code, or is one of JavaScript's own errors. */
export function defectOf (thrown: unknown): Error | undefined {
  if (!(thrown instanceof Error)) return new Error(String(thrown))
  const isOfTheLanguage = [TypeError, RangeError, ReferenceError, SyntaxError].some(kind => thrown instanceof kind)
  return isOfTheLanguage || !('code' in thrown) ? thrown : undefined
}

/** The message of any thrown value. */
export const messageOf = (thrown: unknown): string => thrown instanceof Error ? thrown.message : String(thrown)
