import { once } from 'node:events'
import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Clock } from '../clock.js'
import { CamgateError } from '../errors.js'
import type { CameraAddress } from './address.js'

/** A camera that has not answered after so long (milliseconds) will not. Less than lifecycle/watchdog.ts's limit, so that there is time to say so. */
export const ANSWER_WITHIN = 8_000

const tlsSilent = () => new CamgateError('TLS_SILENT', 'the camera does not begin TLS')

/** Whether the other side ended the connection. */
export const isHangUp = (error: unknown): boolean => error instanceof Error && 'code' in error && ['ECONNRESET', 'EPIPE'].includes(String(error.code))

/**
 * A connection to a camera, within TLS where it wants that. Throws what the socket says (`ECONNREFUSED` …), ETIMEDOUT after 8 s, TLS_SILENT where the
 * camera takes the connection and does not begin TLS, or ends it instead, or the signal's reason.
 */
export async function connect (address: CameraAddress, clock: Clock, signal: AbortSignal): Promise<Socket> {
  signal.throwIfAborted()
  const { host: name, ip: host = name, port, tls, allowSelfSigned } = address
  const socket = tls
    ? connectTls({ host, port, rejectUnauthorized: !allowSelfSigned, ...!/^[\d.]+$|:/.test(name) && { servername: name } })
    : connectTcp({ host, port })
  let taken = false
  socket.once('connect', () => { taken = true })
  const callOff = clock.after(ANSWER_WITHIN, () => {
    socket.destroy(taken
      ? tlsSilent()
      : Object.assign(new Error('the camera takes no connection'), { code: 'ETIMEDOUT' }))
  })
  const abort = () => { socket.destroy() }
  signal.addEventListener('abort', abort)
  try {
    await Promise.race([once(socket, tls ? 'secureConnect' : 'connect'), once(socket, 'close').then(() => signal.throwIfAborted())])
  } catch (error) {
    throw taken && isHangUp(error) ? tlsSilent() : error
  } finally {
    callOff()
    signal.removeEventListener('abort', abort)
  }
  socket.setNoDelay(true)
  return socket
}
