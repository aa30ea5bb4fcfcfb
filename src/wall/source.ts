import type { Accepted, TileConfig } from '../wire/messages.js'

/** What a tile is given, without the tile's own numbers. */
export type SourceConfig = Omit<TileConfig, 'op' | 'id' | 'epoch'>

/** One picture for a tile. */
export interface TilePicture {
  readonly kind: Accepted
  /** Whether it can be decoded without other pictures. */
  readonly key: boolean
  readonly seq: number
  /** When it arrived: the clock's `now()`, in milliseconds. */
  readonly at: number
  /** All viewers share them, so nobody may write to them. */
  readonly bytes: Buffer
  /** The same object as long as it holds; undefined for status frames. */
  readonly config: SourceConfig | undefined
}

/** Where the pictures of a tile come from. */
export interface Source {
  /** Pictures that were skipped so far because the connection, the client or camgate was busy. */
  readonly dropped: number
  /** The picture to send instead of the one that the tile holds, or that one; undefined if none should be sent, because it is too old. */
  best (held: TilePicture, now: number): TilePicture | undefined
  /** Throws away what the tile holds and what waits. Video goes on with the next key picture. */
  skip (): void
  /** Notes how old a picture was when it was painted, in milliseconds. */
  shown (ageMs: number): void
  end (): void
}

/** Takes the next picture of a source, and calls `sent` once it has been sent. Not called again before that. */
export type Take = (picture: TilePicture, sent: () => void) => void
