import type { LiveConfig } from '../live/live-picture.js'
import type { Size } from '../picture-size.js'
import type { Accepted, ClientMessage } from '../wire/messages.js'

/** What a client asks for in one tile. */
export type Wish = Omit<Extract<ClientMessage, { op: 'tile' }>, 'op' | 'id'>

/** What is known of a camera's own video. `unknown`: the camera has not been connected to. */
export type Video = Pick<LiveConfig, 'kind'> | 'unknown' | 'none'

/** A tile is given the camera's own video, or JPEGs; `why`: in words, for people. */
export type Choice = { readonly kind: 'video' } | { readonly kind: 'jpeg', readonly why?: string }

const NAMES: Record<Accepted, string> = { h264: 'H.264', h265: 'H.265', jpeg: 'JPEG' }

/** Why a tile is not given video that it accepts. */
export type Obstacle = 'slow' | 'fps'
const REASONS: Record<Obstacle, string> = {
  slow: 'The connection or the browser does not keep up with the camera\'s video. It is tried again after a while.',
  fps: 'The camera sends more pictures a second than the page wants.'
}

/** Chooses what a tile is given. While the camera's video is unknown, a tile that takes video waits for it. JPEGs are always accepted. */
export function choose ({ accept }: Pick<Wish, 'accept'>, video: Video, obstacle?: Obstacle): Choice {
  const takesVideo = accept.some(kind => kind !== 'jpeg')
  if (!takesVideo || video === 'none') return { kind: 'jpeg' }
  if (obstacle) return { kind: 'jpeg', why: REASONS[obstacle] }
  if (video === 'unknown' || accept.includes(video.kind)) return { kind: 'video' }
  return { kind: 'jpeg', why: `The camera sends ${NAMES[video.kind]}, which the browser does not decode.` }
}

/** Sizes may be a little smaller than the tile before that is seen. */
const MIN_COVER = 0.95

const covers = (picture: Size, { width, height }: Size): boolean => Math.max(picture.width / width, picture.height / height) >= MIN_COVER

/**
 * Whether a tile should be given a camera's substream: it is smaller than the camera's own video, and large enough. Before it was read for the first time its size
 * is unknown; then it is worth a look if the camera's own video is twice as wide and high as the tile.
 */
export function suitsSubstream ({ accept, ...tile }: Size & Pick<Wish, 'accept'>, own: LiveConfig | undefined, substream: LiveConfig | undefined): boolean {
  if (!accept.some(kind => kind !== 'jpeg')) return false
  if (!substream) return own !== undefined && covers({ width: own.width / 2, height: own.height / 2 }, tile)
  return accept.includes(substream.kind) && covers(substream, tile) && !(own && own.width <= substream.width)
}

/** Of these, which are sorted from the largest down, the smallest that fills the tile without being enlarged, and all smaller ones. */
export function fromCoverDown<T extends Size> (options: readonly T[], tile: Size): readonly T[] {
  return options.slice(Math.max(0, options.findLastIndex(option => covers(option, tile))))
}
