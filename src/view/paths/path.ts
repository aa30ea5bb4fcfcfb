import type { TileConfig } from '../../wire/messages.js'
import type { PictureHeader } from '../../wire/picture-header.js'

/** A picture as it came by the socket. */
export interface Picture {
  readonly header: PictureHeader
  readonly data: Uint8Array<ArrayBuffer>
  /** Call it once the picture is decoded or thrown away: its bytes are then credited. Calling it twice does nothing. */
  done (): void
}

/** What a path in the engine is given by its tile. */
export interface EngineHost {
  /** Draws a picture onto the canvas, no larger than the tile needs, unless a newer one comes first. Closes it, and says to the page what it drew. */
  paint (header: PictureHeader, picture: VideoFrame | ImageBitmap): void
  /** How old it is now, in milliseconds. */
  ageOf (header: PictureHeader): number
  /** Asks the server for the pictures since the last key picture. */
  again (): void
  /** It will not work here: the page takes the next path. */
  failed (reason: string): void
}

/** Decodes the pictures of one tile and paints them, in the engine. There is one for each TileConfig. */
export interface EnginePath {
  add (picture: Picture): void
  /** Frees the decoder, and is done with every picture it holds. */
  close (): void
}
export type EnginePathOf = (config: TileConfig, host: EngineHost) => EnginePath

/** What a path in the page is given by its element. */
export interface PageHost {
  /** Undefined if the proof opens no such address. */
  readonly stream: string | undefined
  readonly snapshot: string | undefined
  readonly token: string | undefined
  /** A picture by the socket has a header. Others have an age, where the page may read it. */
  painted (picture: { readonly header?: PictureHeader, readonly ageMs?: number | undefined, readonly width: number, readonly height: number }): void
  /** How old it is now, in milliseconds. */
  ageOf (header: PictureHeader): number
  again (): void
  /** camgate did not accept the proof of something that was fetched (401). */
  refused (): void
  failed (reason: string): void
}

/** Shows the pictures of one element in the page: MSE, which is handed its pictures, or addresses that the browser fetches by itself. */
export interface PagePath {
  /** Goes where the canvas would be. */
  readonly element: HTMLElement
  configure? (config: TileConfig): void
  add? (picture: Picture): void
  show (): void
  hide (): void
  close (): void
  snapshot (): Promise<Blob>
}
export type PagePathOf = (host: PageHost) => PagePath
