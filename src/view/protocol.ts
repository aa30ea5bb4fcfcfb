import type { Accepted, ServerMessage, Verb } from '../wire/messages.js'
import type { PictureHeader } from '../wire/picture-header.js'

/**
 * What the page and the engine say to each other. The engine has the socket and the decoders of one camgate; it runs in a worker, or in the page
 * where no worker can be made. Tiles have the same numbers here as on the socket.
 */

/** How pictures come to the screen, the best first. The last two do without the engine. */
export type PathName = EnginePathName | 'img' | 'snapshots'
export type EnginePathName = 'webcodecs' | 'mse' | 'jpeg'

/** What `tile` says on the socket, and what is done with the pictures: with `mse`, H.264 and H.265 are handed to the page. JPEGs never are. */
export interface TileRequest {
  /** What the path can show; JPEG always. */
  readonly accept: readonly Accepted[]
  readonly id: number
  readonly camera: string
  readonly path: EnginePathName
  /** In device pixels. */
  readonly width: number
  readonly height: number
  readonly fps?: number
  readonly priority: number
  readonly hidden: boolean
}

export type ToEngine =
  /** Where `/wall` is (ws: or wss:, a link's query included), and a token for it. The first message, and again with each new proof. */
  | { readonly op: 'connect', readonly url: string, readonly token?: string }
  /** The canvas comes once, with the first of these for a tile. */
  | { readonly op: 'tile', readonly tile: TileRequest, readonly canvas?: OffscreenCanvas }
  | { readonly op: 'show' | 'hide' | 'close', readonly ids: readonly number[] }
  /** The page is seen again or the network is back: do not wait for the next try. */
  | { readonly op: 'wake' }
  /** Pictures that the page was handed are decoded or thrown away: so many bytes, headers included. */
  | { readonly op: 'credit', readonly bytes: number }
  /** A page's path has painted this one of the pictures that it was handed: the last of the tile. */
  | { readonly op: 'painted', readonly header: PictureHeader, readonly width: number, readonly height: number }
  /** A decoder has lost what it knew: send the pictures since the last key picture again. */
  | { readonly op: 'again', readonly id: number }
  | { readonly op: 'command', readonly nr: number, readonly verb: Verb, readonly camera: string }
  /** The next picture of the tile, in full size, as a JPEG. */
  | { readonly op: 'snapshot', readonly nr: number, readonly id: number }

export type FromEngine =
  /** The engine runs. `accepts`: what VideoDecoder decodes here; nothing on an insecure origin. */
  | { readonly op: 'ready', readonly accepts: readonly Accepted[] }
  | { readonly op: 'connection', readonly open: true }
  /** `reason`: in words. `refused`: the connection never opened, or its proof has ended: the page asks for another, and says `connect`. */
  | { readonly op: 'connection', readonly open: false, readonly reason: string, readonly refused: boolean }
  /** What the server's clock shows, less what this machine's shows, in milliseconds. */
  | { readonly op: 'offset', readonly ms: number }
  /** What the server said about a tile, a command or the connection. */
  | { readonly op: 'server', readonly message: ServerMessage }
  /** The newest picture of each tile that was painted since the last of these. */
  | { readonly op: 'painted', readonly pictures: readonly Painted[] }
  /** For a path in the page; the bytes include the header. */
  | { readonly op: 'picture', readonly header: PictureHeader, readonly message: ArrayBuffer }
  /** This path cannot show the tile here: take the next. */
  | { readonly op: 'failed', readonly id: number, readonly path: EnginePathName, readonly reason: string }
  | { readonly op: 'snapshot', readonly nr: number, readonly blob?: Blob, readonly error?: string }

export interface Painted {
  readonly id: number
  readonly kind: Accepted
  readonly seq: number
  /** When its last byte had arrived at camgate, by camgate's clock, in milliseconds since 1970. */
  readonly wall: number
  /** How old it was when it was painted. */
  readonly ageMs: number
  /** The size of the picture, not of the canvas. */
  readonly width: number
  readonly height: number
  /** Pictures painted in this tile since it was opened. */
  readonly count: number
}
