import { subprotocols } from '../../wire/messages.js'
import { askForSnapshot } from '../paths/fetched/snapshot-request.js'

/** It is tried while camgate answers other requests. */
const TIMEOUT_MS = 4_000

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

/** Whether camgate answers and does not refuse the camera, but no WebSocket to it opens: a proxy may stop it, or camgate not list the page's site. */
export async function isSocketBlocked (url: string, snapshot: string, token: string | undefined, opens = socketOpens): Promise<boolean> {
  const answer = await askForSnapshot(snapshot, { token, method: 'HEAD' })
  if (answer.kind === 'unreachable' || (answer.kind === 'refused' && !isDrawing(answer))) return false
  return !await opens(url, token)
}

/** camgate draws why a camera shows no picture; a proxy in front of it does not. */
const isDrawing = ({ status, blob }: { readonly status: number, readonly blob: Blob }) => status === 503 && blob.type === 'image/jpeg'
