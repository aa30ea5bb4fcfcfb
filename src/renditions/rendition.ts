import { EventEmitter } from 'node:events'
import type { LiveCamera, Rendition as RenditionConfig } from '../config/registry.js'
import type { Frame } from '../frames/frame.js'
import type { Hub } from '../frames/hub.js'
import type { SplitJpeg } from '../jpeg/splitter.js'
import { Demand } from '../lifecycle/demand.js'
import { isAlive, type State } from '../lifecycle/state.js'
import { Publisher } from '../stream/publisher.js'
import { StatusFrames } from '../stream/status-frames.js'
import { statusOf, type RenditionStatus } from '../stream/status.js'
import type { Dropped, Stream } from '../stream/stream.js'
import type { StreamHost, StreamParts } from '../stream/stream-host.js'
import { Decoder } from '../decoder/decoder.js'
import { FrameEncoder, type FrameEncoderParts } from './frame-encoder.js'
import { noticeFor } from '../stream/notice.js'

export type RenditionParts = StreamParts & FrameEncoderParts

/**
 * Another size, rate or quality of a camera's picture, made while somebody watches it: from the frames of the camera's own picture if those are made anyway, otherwise straight
 * from the coded pictures that the camera sends. Whichever costs less is chosen when somebody comes (decision 0035), and neither touches what the viewers of the camera's own picture get.
 */
export class Rendition extends EventEmitter<{ change: [] }> implements Stream {
  readonly name: string
  readonly demand: Demand
  readonly #host: StreamHost
  readonly #parts: RenditionParts
  readonly #publisher: Publisher
  readonly #decoder: Decoder
  readonly #encoder: FrameEncoder
  readonly #statusFrames: StatusFrames
  #config: RenditionConfig
  /** Whether it is made from frames. It stays so until nobody needs it. */
  #isFromFrames = true

  constructor (config: RenditionConfig, host: StreamHost, parts: RenditionParts) {
    super()
    this.setMaxListeners(0) // one for each snapshot that waits for its first picture
    const { name } = config
    this.name = name
    this.#config = config
    this.#host = host
    this.#parts = parts
    this.#publisher = new Publisher(parts.clock, { get holdsDamaged () { return host.camera.onLoss === 'hold' } })
    this.demand = new Demand(this.hub, parts.clock, () => {
      host.demandChanged()
      this.#update()
    })
    const configOf = () => this.#config
    this.#decoder = new Decoder(host.coded, {
      get camera () { return renditionOf(host.camera, configOf()) },
      get memory () { return host.memory },
      get title () { return `${host.camera.name}, rendition ${name}` },
      line: { camera: host.camera.id, rendition: name },
      neededFor: () => isAlive(host.state) && !this.#isFromFrames ? this.demand.reason : null,
      open: lifecycle => this.#publisher.open(lifecycle),
      undecodable: failure => host.undecodable(failure)
    }, parts)
    this.#encoder = new FrameEncoder(config, host, this.#publisher, () => this.#isFromFrames ? this.demand.reason : null, parts)
    this.#decoder.on('change', () => this.#update()) // once it is idle, frames may be the cheaper way
    this.#encoder.on('change', () => this.#update())
    host.on('change', this.#update)
    this.#statusFrames = new StatusFrames({ get camera () { return pictureOf(host.camera, configOf()) } }, this.#publisher, this.state, parts) // last: a viewer wakes the rendition first
  }

  get config (): RenditionConfig { return this.#config }
  get hub (): Hub<Frame> { return this.#publisher.hub }
  /** Whether it subscribes to the frames of the camera's own picture. */
  get isSubscribed (): boolean { return this.#encoder.isSubscribed }

  /** Pictures that were dropped since this was made. */
  get dropped (): Dropped { return { viewer: this.hub.dropped, decoder: this.#decoder.dropped } }

  /** The rendition's own state while there is something to make it of, otherwise the camera's. */
  get state (): State {
    const { state, pictureState } = this.#host
    const from = this.#isFromFrames ? pictureState : state
    return from.kind !== 'running' ? from : this.#isFromFrames ? this.#encoder.state : this.#decoder.state
  }

  statusPicture (): Promise<SplitJpeg | undefined> { return this.#statusFrames.picture() }

  lastPicture (text: string): Promise<SplitJpeg> { return this.#statusFrames.last(text) }

  status (): RenditionStatus { return statusOf(this.state, this.#publisher, this.#parts.clock) }

  /** Takes over a changed configuration, the camera's or its own. Its viewers stay. */
  renew (config: RenditionConfig): void {
    this.#config = config
    this.#decoder.renew()
    this.#encoder.renew(config)
    this.redraw()
  }

  /** The camera has another name. */
  redraw (): void { this.#statusFrames.redraw() }

  /** Shows its viewers why there will be no more pictures, and closes. Resolves when nothing is left of it. */
  async leave (text: string, state: string): Promise<void> {
    const shown = this.#statusFrames.end(text, state)
    this.#decoder.close()
    this.#encoder.close()
    await shown
    this.close()
    await this.settled()
  }

  /** Ends its viewers, and begins to stop its process. Nothing is left of it once it has settled. */
  close (): void {
    this.#host.off('change', this.#update)
    this.hub.close()
    this.demand.close()
    this.#decoder.close()
    this.#encoder.close()
  }

  /** Resolves once no process is being stopped. */
  async settled (): Promise<void> {
    await Promise.all([this.#decoder.settled(), this.#encoder.settled()])
  }

  /** Follows the viewers and the camera. */
  readonly #update = (): void => {
    const { coded, isDecoded } = this.#host
    if (this.#decoder.state.kind === 'idle' && this.#encoder.state.kind === 'idle') this.#isFromFrames = !coded.track || isDecoded
    this.#decoder.update()
    this.#encoder.update()
    this.#changed()
  }

  #changed (): void {
    this.#statusFrames.update(this.state, noticeFor(this.state, this.#host.coded))
    this.emit('change')
  }
}

/** The camera's configuration with the rendition's size, rate and quality: never larger or faster than the camera's own picture. */
const renditionOf = (camera: LiveCamera, { width, height, fps, quality }: RenditionConfig): LiveCamera =>
  ({ ...camera, width: smaller(width, camera.width), height: smaller(height, camera.height), fps: smaller(fps, camera.fps)!, quality })

/** The size of its status frames while it has no picture. */
function pictureOf (camera: LiveCamera, { width, height }: RenditionConfig) {
  const size = width === undefined && height === undefined ? camera : { width, height }
  return { name: camera.name, width: size.width, height: size.height }
}

const smaller = (one: number | undefined, other: number | undefined) => one === undefined || other === undefined ? one ?? other : Math.min(one, other)
