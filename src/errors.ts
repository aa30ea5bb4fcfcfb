/** A command cannot do its work. `cli/exit.ts` maps each code to an exit code. */
export type StartErrorCode = 'CONFIG' | 'EXISTS' | 'IMPORT' | 'NO_FFMPEG' | 'PORT_BUSY' | 'STATE' | 'TLS' | 'USAGE'

/** A request is refused. `http/errors.ts` maps each code to a status. */
export type RequestErrorCode =
  | 'BAD_CREDENTIALS' | 'BAD_LINK' | 'BAD_REQUEST' | 'CAMERA_NOT_FOUND' | 'CAMERA_STOPPED' | 'CROSS_SITE' | 'EMBEDDING' | 'EXPIRED' | 'FORBIDDEN' | 'INVALID_CAMERA' | 'KEYS_UNAVAILABLE' | 'NO_PICTURE' | 'NO_PTZ' | 'NOT_EDITABLE' | 'NOT_WRITABLE' | 'PRECONDITION_FAILED' | 'PRECONDITION_REQUIRED' | 'PREFETCH' | 'PTZ_BUSY' | 'PTZ_FAILED' | 'RENDITION_NOT_FOUND'
  | 'TOO_MANY_LISTENERS' | 'TOO_MANY_TRIES' | 'TOO_MANY_VIEWERS' | 'UNAUTHENTICATED' | 'UNKNOWN_HOST' | 'UPGRADE_REQUIRED'

export type ErrorCode =
  | StartErrorCode
  | RequestErrorCode
  // A message on a wall's WebSocket.
  | 'CAMERA_REMOVED' | 'TOO_MANY_COMMANDS' | 'TOO_MANY_TILES'
  // A source in cameras.yaml that cannot be used. `config/` catches it.
  | 'SOURCE'
  // A connection to a camera, with any protocol.
  | 'BAD_REDIRECT' | 'DOWNGRADE' | 'NO_PROOF' | 'TLS_SILENT' | 'WRONG_PROTOCOL'
  // A camera's RTSP messages.
  | 'BAD_SDP' | 'BAD_TRANSPORT' | 'NO_UDP_PORTS' | 'NO_VIDEO' | 'RTSP_CLOSED' | 'RTSP_FRAMING' | 'RTSP_LIMIT' | 'RTSP_REFUSED' | 'RTSP_SILENT' | 'RTSP_SYNTAX' | 'UNSUPPORTED_VIDEO'
  // A camera's HTTP messages.
  | 'HTTP_CHUNKS' | 'HTTP_CLOSED' | 'HTTP_LIMIT' | 'HTTP_REFUSED' | 'HTTP_SILENT' | 'HTTP_SYNTAX' | 'UNSUPPORTED_CONTENT' | 'UPSTREAM_NO_PICTURE'
  // A camera's ONVIF messages.
  | 'ONVIF_ANSWER' | 'ONVIF_FAULT' | 'ONVIF_REFUSED' | 'XML_SYNTAX'
  // A camera's pictures.
  | 'BAD_JPEG' | 'BAD_RTP' | 'BOUNDARY_IN_PICTURE' | 'FRAME_TOO_LARGE' | 'NO_SIZE' | 'PICTURE_TOO_LARGE'
  // Simulated cameras.
  | 'BAD_CLIP' | 'BAD_H264' | 'BAD_H265' | 'BAD_SCENE' | 'CLIP_FAILED' | 'UNKNOWN_CAMERA'

/**
 * An error that a person can act on. `message` explains in whole sentences what happened, to which camera or file, and what to do. Parsers of
 * camera data instead throw a phrase without a full stop, for the end of "The camera's stream cannot be read: …". Any other thrown value
 * without a system error code is a defect.
 */
export class CamgateError extends Error {
  readonly code: ErrorCode

  constructor (code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
    this.code = code
  }
}

/** Returns the thrown value if it is a bug in camgate: it has no code, or is one of JavaScript's own errors. */
export function defectOf (thrown: unknown): Error | undefined {
  if (!(thrown instanceof Error)) return new Error(String(thrown))
  const isOfTheLanguage = [TypeError, RangeError, ReferenceError, SyntaxError].some(kind => thrown instanceof kind)
  return isOfTheLanguage || !('code' in thrown) ? thrown : undefined
}

/** The message of any thrown value. */
export const messageOf = (thrown: unknown): string => thrown instanceof Error ? thrown.message : String(thrown)

/** What clients are told of a bug in camgate. */
export const INTERNAL = { code: 'INTERNAL', message: 'Something went wrong inside camgate; its log says what.' } as const
