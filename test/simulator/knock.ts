import { once } from 'node:events'
import { connect } from 'node:net'

/** How a port of loopback, or the address of an RTSP URL, takes a connection: `connected`, or the error's code. */
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
