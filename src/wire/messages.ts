import type { FailureCode } from '../failure/failure.js'

/**
 * The messages of `camgate.wall.1`, a WebSocket on which one page watches many cameras. Text messages are JSON, one object each; binary messages
 * are pictures (picture-header.ts). A tile is one place for pictures on the page; the client numbers its tiles, from 0 to 65535.
 */
export const SUBPROTOCOL = 'camgate.wall.1'
/** In front of a token, as a second subprotocol: a browser cannot set headers on a WebSocket. The server never answers with it. */
export const BEARER_SUBPROTOCOL = 'camgate.bearer.'

/** What a client asks for when it opens the WebSocket. */
export const subprotocols = (token: string | undefined): string[] => token === undefined ? [SUBPROTOCOL] : [SUBPROTOCOL, BEARER_SUBPROTOCOL + token]

/** Why the server closed the connection. */
export const closeCodes = { badMessage: 4400, proofEnded: 4401, stalled: 4408, tooManyMessages: 4429 } as const

export type Accepted = 'h264' | 'h265' | 'jpeg'
export type Verb = 'start' | 'stop' | 'restart'

export type ClientMessage =
  /** Opens a tile, or changes the one with this id. Width and height: the device pixels that it fills. Higher priorities are served first. `hidden`: a new tile waits for `show`. */
  | { readonly op: 'tile', readonly id: number, readonly camera: string, readonly width: number, readonly height: number, readonly fps?: number, readonly accept: readonly Accepted[], readonly priority: number, readonly hidden?: boolean }
  /** Hidden tiles are sent states, but no pictures. */
  | { readonly op: 'show' | 'hide' | 'close', readonly ids: readonly number[] }
  /** These bytes of pictures, headers included, have been decoded or thrown away: as many more may be sent. */
  | { readonly op: 'credit', readonly bytes: number }
  /** The newest picture painted in a tile, and how old it was then. At most one a second for each tile. */
  | { readonly op: 'shown', readonly id: number, readonly seq: number, readonly ageMs: number }
  /** `sent` comes back as it was. Milliseconds of the client's clock. */
  | { readonly op: 'clock', readonly sent: number }
  /** Does what the routes of that name do. `nr` is the client's number for the answer. */
  | { readonly op: 'command', readonly nr: number, readonly verb: Verb, readonly camera: string }

export type ServerMessage =
  /** What the pictures of a tile are from this epoch on. */
  | TileConfig
  /** `retryAt`: when a waiting camera is tried again, in milliseconds since 1970. `since`: when the state began. */
  | { readonly op: 'state', readonly id: number, readonly state: StateName, readonly since: number, readonly failure: { readonly code: FailureCode, readonly message: string } | null, readonly retryAt: number | null }
  /** So many pictures were skipped because the connection or the browser was busy. */
  | { readonly op: 'drop', readonly id: number, readonly pictures: number }
  /** With `id`, the tile has been closed; with `nr`, the command failed; with neither, it is about the whole connection. */
  | { readonly op: 'error', readonly id?: number, readonly nr?: number, readonly code: string, readonly message: string }
  /** `wall`: the server's time in milliseconds since 1970. */
  | { readonly op: 'clock', readonly sent: number, readonly wall: number }
  | { readonly op: 'done', readonly nr: number, readonly state: StateName }

export interface TileConfig {
  readonly op: 'config'
  readonly id: number
  readonly epoch: number
  readonly kind: Accepted
  /** For a decoder, as in RFC 6381: `avc1.64001f`; `jpeg` for JPEGs. */
  readonly codec: string
  /** Pixels. */
  readonly width: number
  readonly height: number
  /** Whether pictures arrive in another order than they are shown. */
  readonly reorders: boolean
  /** Which of the camera's pictures these are: its own, its sub-stream's, or the rendition of this name. */
  readonly from: { readonly kind: 'main' | 'substream' } | { readonly kind: 'rendition', readonly name: string }
  /** Why the tile is given something else than its own video that it accepts; undefined if it is not. In words, for people. */
  readonly why?: string
}

/** As in `/status`. */
export type StateName = 'stopped' | 'idle' | 'starting' | 'running' | 'waiting' | 'stopping'
