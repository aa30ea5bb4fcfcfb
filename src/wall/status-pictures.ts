import type { Clock } from '../clock.js'
import type { SplitJpeg } from '../jpeg/splitter.js'
import type { State } from '../lifecycle/state.js'
import type { Stream } from '../stream/stream.js'
import type { TilePicture } from './source.js'

/** A start that brings a picture within this time needs no drawing. */
const START_GRACE_MS = 300

/** Each drawing is put together once for all tiles. */
const joined = new WeakMap<SplitJpeg, Buffer>()

/** Drawings of the reason why a camera sends no video. Unlike the status frames of a hub, they make no decoder start when the camera is back. */
export class StatusPictures {
  readonly #stream: Pick<Stream, 'statusPicture'>
  readonly #clock: Clock
  readonly #show: (picture: TilePicture) => void
  #state: State | undefined
  #cancel = () => {}

  constructor (stream: Pick<Stream, 'statusPicture'>, clock: Clock, show: (picture: TilePicture) => void) {
    this.#stream = stream
    this.#clock = clock
    this.#show = show
  }

  /** Call it with every state of the camera; undefined if nobody watches. */
  update (state: State | undefined): void {
    if (state === this.#state) return
    this.#state = state
    this.#cancel()
    if (!state || state.kind === 'running') return
    const mayBeBrief = state.kind === 'starting' && state.outage === null
    if (mayBeBrief) this.#cancel = this.#clock.after(START_GRACE_MS, () => this.#draw(state))
    else this.#draw(state)
  }

  #draw (state: State): void {
    void this.#stream.statusPicture().then(picture => {
      if (!picture || state !== this.#state) return
      this.#show({ kind: 'jpeg', key: true, seq: 0, at: this.#clock.now(), bytes: bytesOf(picture), config: undefined })
    })
  }
}

function bytesOf (picture: SplitJpeg): Buffer {
  let bytes = joined.get(picture)
  if (!bytes) joined.set(picture, bytes = Buffer.concat(picture.pieces as Buffer[]))
  return bytes
}
