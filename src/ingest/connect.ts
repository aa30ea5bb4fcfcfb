import { once } from 'node:events'
import { connect as connectTcp, type OnReadOpts, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Clock } from '../clock.js'
import { CamgateError } from '../errors.js'
import type { CameraAddress } from './address.js'

/** Shorter than STALL_TIMEOUT_MS in lifecycle/lifecycle.ts, so that there is time to report the cause. */
export const ANSWER_TIMEOUT_MS = 8_000

const tlsSilent = () => new CamgateError('TLS_SILENT', 'the camera does not begin TLS')

/** Whether the other side closed the connection. */
export const isHangUp = (error: unknown): boolean => error instanceof Error && 'code' in error && ['ECONNRESET', 'EPIPE'].includes(String(error.code))

/**
 * Connects to a camera, with TLS if the address asks for it. Throws the socket's error (`ECONNREFUSED` …), ETIMEDOUT after 8 s, TLS_SILENT if the
 * camera accepts the connection but does not begin TLS, or the signal's reason. With `onread`, the socket emits no `data`.
 */
export async function connect (address: CameraAddress, clock: Clock, signal: AbortSignal, onread?: OnReadOpts): Promise<Socket> {
  signal.throwIfAborted()
  const { host: name, ip: host = name, port, tls, allowSelfSigned } = address
  const socket = tls
    ? connectTls({ host, port, ...onread && { onread }, rejectUnauthorized: !allowSelfSigned, ...!/^[\d.]+$|:/.test(name) && { servername: name } })
    : connectTcp({ host, port, ...onread && { onread } })
  let accepted = false
  socket.once('connect', () => { accepted = true })
  const cancel = clock.after(ANSWER_TIMEOUT_MS, () => {
    socket.destroy(accepted
      ? tlsSilent()
      : Object.assign(new Error('the camera does not accept the connection'), { code: 'ETIMEDOUT' }))
  })
  const abort = () => { socket.destroy() }
  signal.addEventListener('abort', abort)
  try {
    await Promise.race([once(socket, tls ? 'secureConnect' : 'connect'), once(socket, 'close').then(() => signal.throwIfAborted())])
  } catch (error) {
    throw accepted && isHangUp(error) ? tlsSilent() : error
  } finally {
    cancel()
    signal.removeEventListener('abort', abort)
  }
  socket.setNoDelay(true)
  return socket
}
