import { subprotocols } from '../../wire/messages.js'

const TIMEOUT_MS = 8_000

/** Whether a WebSocket to `/wall` opens. It is closed at once. */
export function socketOpens (url: string, token: string | undefined): Promise<boolean> {
  return new Promise(resolve => {
    const socket = new WebSocket(url, subprotocols(token))
    const timer = setTimeout(() => end(false), TIMEOUT_MS)
    const end = (opens: boolean) => {
      clearTimeout(timer)
      socket.close()
      resolve(opens)
    }
    socket.onopen = () => end(true)
    socket.onclose = () => end(false)
  })
}
