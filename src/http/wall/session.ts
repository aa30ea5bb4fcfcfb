import type { FastifyBaseLogger, FastifyRequest } from 'fastify'
import type { WebSocket } from 'ws'
import type { Clock } from '../../clock.js'
import { CamgateError, INTERNAL } from '../../errors.js'
import { partOfAddress } from '../../viewers/viewer-address.js'
import type { Audience } from '../../viewers/audience.js'
import type { Viewers } from '../../viewers/viewers.js'
import { Wall, type WallParts } from '../../wall/wall.js'
import { closeCodes, type ServerMessage } from '../../wire/messages.js'
import { costOf, readClientMessage } from './client-messages.js'
import { WebSocketWriter } from './web-socket.js'

const CHECK_INTERVAL_MS = 5_000
/** A client that answers no ping for this long is gone. It is asked at every check. */
const MAX_SILENT_MS = 20_000
/** A client that returns no credit for this long decodes nothing. */
const MAX_UNCREDITED_MS = 15_000
/** Between two checks, as `costOf` messages. A wall of 64 tiles at 25 fps sends 8000 credits, if it sends one for each picture. */
const MAX_COST_PER_CHECK = 16_000
/** For the client's answer to the end of the connection. */
const CLOSE_TIMEOUT_MS = 1_000
const GOING_AWAY = 1001
const INTERNAL_ERROR = 1011
const TRY_AGAIN_LATER = 1013

const PROOF_ENDED = {
  expired: { code: 'EXPIRED', message: 'Your login, token or link has expired.' },
  revoked: { code: 'REVOKED', message: 'An administrator has logged you out.' },
  changed: { code: 'CHANGED', message: 'What you may see has changed: connect again.' }
}

const STALLED = { code: 'STALLED', message: 'No picture that was sent has been decoded for 15 seconds: send credits.' }
const TOO_MANY = { code: 'TOO_MANY_MESSAGES', message: 'Too many messages came in a few seconds.' }

export interface SessionParts extends Pick<WallParts, 'command'> {
  readonly clock: Clock
  readonly viewers: Viewers
  readonly audience: Audience
  readonly log: FastifyBaseLogger
}

/** Serves one WebSocket until either side ends it. */
export function serveWall (webSocket: WebSocket, { raw, ip, principal, cameras }: FastifyRequest, { clock, viewers, audience, log, command }: SessionParts): void {
  const connection = { once: (event: 'close', listener: () => void) => webSocket.once(event, listener), destroy: () => webSocket.terminate() }
  const socket = new WebSocketWriter(webSocket, raw.socket)
  const seats = seatsFor(webSocket, viewers, ip)
  if (!seats) return
  const logDefect = (error: unknown) => log.error({ err: error }, 'a message of a wall failed')
  const wall = new Wall({
    clock,
    socket,
    command,
    camera: id => cameras.get(id),
    seat: ({ camera }) => seats.take(camera),
    viewer: { from: partOfAddress(ip), user: principal.kind === 'anyone' ? undefined : principal.name, ages: viewers.ages.wall },
    logDefect
  })
  let [heardAt, cost] = [clock.now(), 0]
  let cancelCheck = () => {}
  const close = (code: number, reason: string, error?: { readonly code: string, readonly message: string }) => {
    if (error) socket.text(JSON.stringify({ op: 'error', code: error.code, message: error.message } satisfies ServerMessage))
    wall.end()
    webSocket.close(code, reason)
    cancelCheck()
    cancelCheck = clock.after(CLOSE_TIMEOUT_MS, () => webSocket.terminate())
  }
  const check = () => {
    cost = 0
    if (clock.now() - heardAt >= MAX_SILENT_MS) return webSocket.terminate()
    if (wall.uncreditedMs >= MAX_UNCREDITED_MS) return close(closeCodes.stalled, 'stalled', STALLED)
    webSocket.ping()
    cancelCheck = clock.after(CHECK_INTERVAL_MS, check)
  }
  const receive = (text: string) => {
    try {
      const message = readClientMessage(text)
      cost += costOf(message)
      if (cost > MAX_COST_PER_CHECK) return close(closeCodes.tooManyMessages, 'too many messages', TOO_MANY)
      wall.receive(message)
    } catch (error) {
      if (error instanceof CamgateError) return close(closeCodes.badMessage, 'bad message', error)
      logDefect(error) // thrown on, it would end camgate, with everybody's pictures
      close(INTERNAL_ERROR, 'internal error', INTERNAL)
    }
  }
  webSocket.on('message', (data, isBinary) => {
    heardAt = clock.now()
    if (webSocket.readyState === webSocket.OPEN) receive(isBinary ? '' : String(data))
  })
  webSocket.on('pong', () => { heardAt = clock.now() })
  webSocket.on('error', () => wall.end())
  webSocket.on('close', () => {
    cancelCheck()
    wall.end()
    seats.end()
  })
  viewers.track(connection, () => close(GOING_AWAY, 'camgate ends'))
  audience.add(principal, connection, why => close(closeCodes.proofEnded, why, PROOF_ENDED[why]))
  check()
}

/** Undefined if there are too many: the connection ends, and the client comes back later. */
function seatsFor (webSocket: WebSocket, viewers: Viewers, ip: string) {
  try {
    return viewers.seats(ip)
  } catch (error) {
    if (!(error instanceof CamgateError)) throw error
    webSocket.on('error', () => {})
    webSocket.close(TRY_AGAIN_LATER, 'camgate has as many viewers and open pages as it may have.')
    return undefined
  }
}
