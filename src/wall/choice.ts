import type { LiveConfig } from '../live/live-picture.js'
import type { Size } from '../picture-size.js'
import type { Accepted, ClientMessage } from '../wire/messages.js'

/** What a client asks for in one tile. */
export type TileRequest = Omit<Extract<ClientMessage, { op: 'tile' }>, 'op' | 'id'>

/** A camera's own video; `Partial`: its size may not be known yet. */
type KnownVideo = Pick<LiveConfig, 'kind'> & Partial<Size>

export interface Videos {
  /** `unknown`: the camera has not been connected to. */
  readonly main: KnownVideo | 'unknown' | 'none'
  /** The substream, if there is one: what it sends or has sent, if it was ever read; whether it sends that now, or has failed. */
  readonly substream: { readonly config: KnownVideo | undefined, readonly isLive: boolean, readonly hasFailed: boolean } | undefined
}

/** A tile is given video or JPEGs; `why`: in words, for people. `wakes`: the substream is to be read meanwhile, because it suits the tile better. */
export type Choice = { readonly wakes?: boolean } & (
  | { readonly kind: 'video', readonly from: 'main' | 'substream' }
  | { readonly kind: 'jpeg', readonly why?: string }
)

const NAMES: Record<Accepted, string> = { h264: 'H.264', h265: 'H.265', jpeg: 'JPEG' }
const SLOW = 'The connection or the browser does not keep up with the camera\'s video. It is tried again after a while.'
/** Why a tile is given no video although it accepts the camera's. */
export const TOO_FAST: Choice = { kind: 'jpeg', why: 'The camera sends more pictures a second than the page wants.' }

/** A picture may be a little smaller than the tile before that is seen. */
const MIN_COVER = 0.95

/**
 * What a tile may be given, the best first; the others are for a client that does not keep up. While the camera's video is unknown, a tile that takes video waits
 * for it. JPEGs are always accepted. A substream of unknown size is worth a look if the camera's own video is twice as wide and high as the tile.
 */
export function choices ({ accept, ...size }: Pick<TileRequest, 'accept' | 'width' | 'height'>, { main, substream }: Videos): Choice[] {
  if (main === 'none' || !accept.some(kind => kind !== 'jpeg')) return [{ kind: 'jpeg' }]
  if (main === 'unknown') return [{ kind: 'video', from: 'main' }]
  const takesMain = accept.includes(main.kind)
  const smaller = substream && (!substream.config || accept.includes(substream.config.kind)) ? substream : undefined
  const suits = smaller !== undefined && isLarger(main, size) && fills(smaller.config ?? half(main), size)
  const why = takesMain ? SLOW : `The camera sends ${NAMES[main.kind]}, which the browser does not decode.`
  return [
    ...takesMain && !(suits && smaller.isLive) ? [{ kind: 'video', from: 'main', ...suits && { wakes: true } } as const] : [],
    ...smaller && !smaller.hasFailed ? [{ kind: 'video', from: 'substream' } as const] : [],
    { kind: 'jpeg', why, ...smaller?.hasFailed && !takesMain && { wakes: true } }
  ]
}

const half = ({ width = 0, height = 0 }: Partial<Size>): Size => ({ width: width / 2, height: height / 2 })

/** Whether a picture is so much larger than the tile that it is not seen whole. */
const isLarger = ({ width = 0, height = 0 }: Partial<Size>, tile: Size): boolean => Math.min(width / tile.width, height / tile.height) > 1 / MIN_COVER

/** Whether a picture fills a tile without being enlarged. */
const fills = ({ width = 0, height = 0 }: Partial<Size>, tile: Size): boolean => Math.max(width / tile.width, height / tile.height) >= MIN_COVER

/** Of these, which are sorted from the largest down, the smallest that fills the tile, and all smaller ones. */
export function fromCoverDown<T extends Size> (options: readonly T[], tile: Size): readonly T[] {
  return options.slice(Math.max(0, options.findLastIndex(option => fills(option, tile))))
}
