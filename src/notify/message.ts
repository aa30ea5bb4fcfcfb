import { createHmac, randomBytes } from 'node:crypto'
import type { NotifyEvent } from '../config/notify/schema.js'
import type { CameraState } from '../stream/status.js'

/** What is posted. It stays the same, id included, however often it is tried, so that a receiver can tell a repetition. */
export interface Message { readonly id: string, readonly body: string }

/** `test`: nothing has happened. `wall` is in milliseconds since 1970. */
export function messageAbout (event: NotifyEvent | 'test', cameras: ReadonlyArray<{ readonly id: string } & CameraState>, wall: number): Message {
  return {
    id: `msg_${randomBytes(18).toString('base64url')}`,
    body: JSON.stringify({ type: event === 'test' ? event : `camera.${event}`, timestamp: new Date(wall).toISOString(), data: { cameras } })
  }
}

/** The headers of a message that is posted now, as Standard Webhooks names them. `key` is base64; without it, nothing is signed. */
export function headersOf ({ id, body }: Message, key: string | undefined, wall: number): Record<string, string> {
  const timestamp = String(Math.floor(wall / 1_000))
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    ...key !== undefined && { 'webhook-signature': `v1,${createHmac('sha256', Buffer.from(key, 'base64')).update(`${id}.${timestamp}.${body}`).digest('base64')}` }
  }
}
