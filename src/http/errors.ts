import { STATUS_CODES } from 'node:http'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { AnswerInstead } from '../door/refusals.js'
import { SAFE_HEADERS } from '../door/safe-headers.js'
import { InvalidCamera, NotWritable } from '../edit/refusals.js'
import { TooManyTries } from '../logins/tries.js'
import { CamgateError, INTERNAL, type ErrorCode, type RequestErrorCode } from '../errors.js'

/** The only mapping of error codes to statuses. An error with another code is a defect, answered with 500. */
const statuses: Readonly<Partial<Record<ErrorCode, number>>> = {
  BAD_CREDENTIALS: 401,
  BAD_LINK: 401,
  BAD_REQUEST: 400,
  CAMERA_NOT_FOUND: 404,
  CAMERA_STOPPED: 409,
  CROSS_SITE: 403,
  EMBEDDING: 403,
  EXPIRED: 401,
  FORBIDDEN: 403,
  INVALID_CAMERA: 422,
  KEYS_UNAVAILABLE: 503,
  NO_PICTURE: 503,
  NO_PTZ: 409,
  NOT_EDITABLE: 409,
  NOT_WRITABLE: 409,
  PRECONDITION_FAILED: 412,
  PRECONDITION_REQUIRED: 428,
  PREFETCH: 403,
  PTZ_BUSY: 409,
  PTZ_FAILED: 502,
  RENDITION_NOT_FOUND: 404,
  TOO_MANY_LISTENERS: 503,
  TOO_MANY_TRIES: 429,
  TOO_MANY_VIEWERS: 503,
  UNAUTHENTICATED: 401,
  UNKNOWN_HOST: 421,
  UPGRADE_REQUIRED: 426
} satisfies Record<RequestErrorCode, number>

const ADDRESSES = 'The page with all cameras is at /; programs find /camera/ID, /camera/ID/snapshot, /video_feed, /status, /status/ID, /diagnosis/ID, /events, /wall, /metrics, ' +
  'POST /start/ID, /stop/ID, /restart/ID, /ptz/ID and /config/reload, /config/cameras, /config/cameras/ID and /config/probe, /health/live and /health/ready; /docs describes them all.'

export const problem = (statusCode: number, code: string, message: string) =>
  ({ statusCode, code, error: STATUS_CODES[statusCode] ?? 'Error', message })

/** Queries may hold the signature of a link. */
const withoutQuery = (text: string): string => text.replace(/\?[^'\s]*/g, '')

/** Answers an error with `{ statusCode, code, error, message }`. Logs defects, and does not describe them in the response. */
export function answerError (error: FastifyError | CamgateError, request: FastifyRequest, reply: FastifyReply): void {
  if (!reply.hasHeader('X-Content-Type-Options')) reply.headers(SAFE_HEADERS) // no hook runs for an address that cannot be decoded
  const status = error instanceof CamgateError ? statuses[error.code] : error.statusCode
  if (status === undefined || (status >= 500 && !(error instanceof CamgateError))) {
    request.log.error({ err: error }, `${request.method} ${request.routeOptions.url ?? withoutQuery(request.url)} failed`)
    reply.code(500).send(problem(500, INTERNAL.code, INTERNAL.message))
    return
  }
  if (error instanceof TooManyTries) reply.header('Retry-After', error.retryAfterSeconds)
  if (status === 503) reply.header('Retry-After', error.code === 'TOO_MANY_VIEWERS' || error.code === 'TOO_MANY_LISTENERS' ? '10' : '1')
  reply.code(status).send({ ...problem(status, error.code, error instanceof CamgateError ? error.message : withoutQuery(error.message)), ...detailsOf(error) })
}

function detailsOf (error: Error) {
  if (error instanceof InvalidCamera) return { diagnostics: error.faults }
  return error instanceof NotWritable ? { yaml: error.yaml } : {}
}

export function answerErrors (app: FastifyInstance, answerInstead: AnswerInstead): void {
  app.setErrorHandler(async (error: FastifyError | CamgateError, request, reply) => {
    const isAnswered = error instanceof CamgateError && await answerInstead(error, statuses[error.code]!, request, reply)
    if (!isAnswered) answerError(error, request, reply)
    return reply
  })
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send(problem(404, 'NOT_FOUND', `There is nothing at ${request.method} ${withoutQuery(request.url)}. ${ADDRESSES}`)))
}
