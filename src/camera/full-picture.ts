import { EventEmitter } from 'node:events'
import type { Frame } from '../frames/frame.js'
import type { Hub } from '../frames/hub.js'
import type { JpegPicture } from '../jpeg/picture.js'
import type { SplitJpeg } from '../jpeg/splitter.js'
import { Demand } from '../lifecycle/demand.js'
import type { Lifecycle } from '../lifecycle/lifecycle.js'
import { isAlive, type State } from '../lifecycle/state.js'
import { noticeFor } from '../stream/notice.js'
import { Publisher } from '../stream/publisher.js'
import { StatusFrames } from '../stream/status-frames.js'
import type { Dropped, Stream } from '../stream/stream.js'
import type { StreamHost, StreamParts } from '../stream/stream-host.js'
import { Decoder } from '../decoder/decoder.js'

/** A camera's own picture: the JPEGs that its attempts bring, or else those that a decoder makes of its coded pictures while somebody needs them. */
export class FullPicture extends EventEmitter<{ change: [] }> implements Stream {
  readonly publisher: Publisher
  readonly demand: Demand
  readonly decoder: Decoder
  readonly #host: StreamHost
  readonly #statusFrames: StatusFrames

  constructor (host: StreamHost, parts: StreamParts) {
    super()
    this.setMaxListeners(0) // one for each snapshot that waits for its first picture
    this.#host = host
    this.publisher = new Publisher(parts.clock, {
      get fps () { return host.camera.fps },
      get holdsDamaged () { return host.camera.onLoss === 'hold' }
    })
    this.demand = new Demand(this.hub, parts.clock, () => host.demandChanged())
    this.decoder = new Decoder(host.coded, {
      get camera () { return host.camera },
      get memory () { return host.memory },
      get title () { return `${host.camera.name}, decoder` },
      line: { camera: host.camera.id },
      neededFor: () => isAlive(host.state) ? this.#reason : null,
      open: lifecycle => this.publisher.open(lifecycle),
      undecodable: failure => host.undecodable(failure)
    }, parts)
    this.decoder.on('change', () => this.#changed())
    this.#statusFrames = new StatusFrames(host, this.publisher, this.state, parts) // after the demand: a viewer wakes the camera first
  }

  get hub (): Hub<Frame> { return this.publisher.hub }

  get #reason () {
    const { reason } = this.demand
    return reason !== 'viewers' && this.#host.camera.decode === 'always' ? 'always' : reason
  }

  /** The decoder's state while coded pictures come, otherwise the camera's. */
  get state (): State {
    const { state, coded } = this.#host
    return state.kind === 'running' && coded.track ? this.decoder.state : state
  }

  /** Returns a function that accepts the JPEGs of one attempt. Until its first, a decoder may publish its own. */
  publish (lifecycle: Lifecycle): (picture: JpegPicture) => void {
    let show: ((picture: JpegPicture) => void) | undefined
    return picture => {
      show ??= this.publisher.open(lifecycle)
      show(picture)
    }
  }

  /** Pictures that were dropped since this was made. */
  get dropped (): Dropped { return { viewer: this.hub.dropped, decoder: this.decoder.dropped } }

  statusPicture (): Promise<SplitJpeg | undefined> { return this.#statusFrames.picture() }

  lastPicture (text: string): Promise<SplitJpeg> { return this.#statusFrames.last(text) }

  /** The camera has another name or size. */
  redraw (): void { this.#statusFrames.redraw() }

  /** Shows its viewers why there will be no more pictures, and closes. */
  async leave (text: string, state: string): Promise<void> {
    const shown = this.#statusFrames.end(text, state)
    this.decoder.close()
    await shown
    this.close()
  }

  /** Ends its viewers, and begins to stop its process. */
  close (): void {
    this.hub.close()
    this.demand.close()
    this.decoder.close()
  }

  /** Call it after every change of the camera or of its demand. */
  update (): void {
    this.decoder.update()
    this.#changed()
  }

  #changed (): void {
    this.#statusFrames.update(this.state, noticeFor(this.state, this.#host.coded))
    this.emit('change')
  }
}
