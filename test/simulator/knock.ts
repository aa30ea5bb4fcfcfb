import { once } from 'node:events'
import { connect } from 'node:net'

/** Connects to a port on loopback, or to that of an RTSP URL. Resolves with `connected` or the error's code. */
export async function knock (at: number | string): Promise<string> {
  const port = typeof at === 'number' ? at : Number(new URL(at).port)
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return 'connected'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown'
  } finally {
    socket.destroy()
  }
}
