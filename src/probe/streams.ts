import { shownUrl } from '../sources/url.js'
import { brandPaths, pathsBeside, type BrandPath } from '../sources/brand.js'
import type { Described } from './describe.js'
import type { StreamReport } from './report.js'

/** An address that a maker's cameras have, at one camera. */
export type MakerStream = BrandPath & { readonly url: string }

const PLACE = /^(rtsps?:\/\/[^/?#]*)(.*)$/is

/** The other streams of the camera that this URL belongs to. */
export function streamsBeside (url: string): MakerStream[] {
  const [, place = '', path = ''] = PLACE.exec(url) ?? []
  return pathsBeside(path).map(known => ({ ...known, url: `${place}${known.path}` }))
}

/** The streams of every maker, at the host and port of this URL. */
export function streamsOfMakers (url: string): MakerStream[] {
  const [, place = ''] = PLACE.exec(url) ?? []
  return brandPaths.map(known => ({ ...known, url: `${place}${known.path}` }))
}

export function streamReport ({ of: { url, maker, stream }, track, format }: Described<MakerStream>): StreamReport {
  const size = format ?? track?.size
  return { address: shownUrl(url), maker, stream, codec: track?.codec ?? null, width: size?.width ?? null, height: size?.height ?? null }
}
