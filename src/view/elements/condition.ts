import type { ServerMessage, StateName } from '../../wire/messages.js'

/** A picture that is older is not shown as live, unless the camera sends so few that the next is not yet due. */
const STALE_MS = 3_000
const STALE_PICTURES = 3

export type CameraState = Extract<ServerMessage, { readonly op: 'state' }>

/** What an element knows. */
export interface Known {
  readonly connection: { readonly isOpen: boolean, readonly reason: string }
  /** Whether the path does without the connection, and so learns no states. */
  readonly isFetched: boolean
  /** What camgate said last about the camera; undefined before that. */
  readonly camera: CameraState | undefined
  /** Why camgate does not show this camera here. */
  readonly refusal: string | undefined
  /** Why no path can show it in this browser. */
  readonly noPath: string | undefined
  /** Why it is shown in this way, and not in a better one. */
  readonly pathReason: string
  /** The age of the picture on the screen; undefined if there is none. */
  readonly ageMs: number | undefined
  /** The time between the last pictures; 0 if there are too few. */
  readonly intervalMs: number
}

/** camgate's states of a camera, and what keeps the element from knowing or showing them. */
export type ViewState = StateName | 'connecting' | 'disconnected' | 'refused' | 'no-path' | 'stale'

export interface Condition {
  readonly state: ViewState
  /** Why there is no live picture, or why not the best; empty if it is the best. */
  readonly reason: string
  readonly picture: 'none' | 'old' | 'live'
}

/** Pure. How it is with the picture of one element. */
export function conditionOf ({ connection, isFetched, camera, refusal, noPath, pathReason, ageMs, intervalMs }: Known): Condition {
  const isLive = ageMs !== undefined && ageMs <= Math.max(STALE_MS, STALE_PICTURES * intervalMs)
  const still = { picture: ageMs === undefined ? 'none' : 'old' } as const
  if (noPath !== undefined) return { state: 'no-path', reason: noPath, ...still }
  if (isFetched) return isLive ? { state: 'running', reason: pathReason, picture: 'live' } : { state: ageMs === undefined ? 'connecting' : 'stale', reason: pathReason, ...still }
  if (refusal !== undefined) return { state: 'refused', reason: refusal, ...still }
  if (!connection.isOpen) return { state: connection.reason ? 'disconnected' : 'connecting', reason: connection.reason, ...still }
  if (!camera) return { state: 'connecting', reason: '', ...still }
  if (camera.state !== 'running') return { state: camera.state, reason: camera.failure?.message ?? '', ...still }
  if (isLive) return { state: 'running', reason: pathReason, picture: 'live' }
  return ageMs === undefined ? { state: 'starting', reason: camera.failure?.message ?? '', ...still } : { state: 'stale', reason: camera.failure?.message ?? '', ...still }
}
