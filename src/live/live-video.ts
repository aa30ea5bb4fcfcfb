import type { Clock } from '../clock.js'
import type { CodedVideo } from '../codec/coded-picture.js'
import { spsInUse } from '../codec/order/sps-in-use.js'
import type { CodedHub } from '../coded/coded-hub.js'
import { Group } from '../coded/group.js'
import { NextKeyPicture } from '../coded/next-key-picture.js'
import type { PublishedPicture } from '../coded/published-picture.js'
import { Hub } from '../frames/hub.js'
import type { Sink, Subscriber, Subscription } from '../frames/subscriber.js'
import { AccessUnits } from './access-units.js'
import { LiveConfigs } from './live-configs.js'
import type { LiveConfig, LivePicture } from './live-picture.js'

export interface LiveVideoOptions {
  /** Whether viewers are given no damaged picture, but wait for the next clean key picture. */
  readonly holdsDamaged: boolean
  /** Whether to tell decoders of H.264 that is not reordered that it is not. */
  readonly rewritesSps: boolean
}

/** A camera's own video for browsers. It subscribes to the coded pictures while it has viewers, and prepares each picture once for all of them. */
export class LiveVideo {
  readonly hub: Hub<LivePicture>
  readonly #coded: CodedHub
  readonly #options: LiveVideoOptions
  readonly #configs = new LiveConfigs()
  readonly #accessUnits = new AccessUnits()
  #source: Subscriber<PublishedPicture> | undefined
  #seq = 0
  /** Of the newest key picture. Undefined if the pictures that follow it cannot be shown. */
  #config: LiveConfig | undefined

  constructor (coded: CodedHub, clock: Clock, options: LiveVideoOptions) {
    this.#coded = coded
    this.#options = options
    this.hub = new Hub(clock, new Group<LivePicture>())
    this.hub.on('watched', () => this.#begin())
    this.hub.on('unwatched', () => {
      this.#source?.end()
      this.#clear()
    })
    coded.on('reset', () => {
      this.#configs.reset()
      this.#clear()
    })
  }

  /** What a new viewer is given. Undefined while it is unknown, for a camera that sends JPEGs, and if the parameter sets cannot be read. */
  get config (): LiveConfig | undefined {
    const { track, sps, format } = this.#coded
    return track && track.codec !== 'mjpeg' ? this.#configs.of({ codec: track.codec, sps, format, reorders: this.#reorders }) : undefined
  }

  /** Offers the group at once. The first picture is a key picture. By default, a slow viewer skips to the next key picture. */
  subscribe (sink: Sink<LivePicture>, subscription?: Subscription<LivePicture>): Subscriber<LivePicture> {
    return this.hub.subscribe(sink, { policy: new NextKeyPicture(), ...subscription })
  }

  /** A decoder that is wrong about this shows pictures in the wrong order, or late. */
  get #reorders (): boolean { return this.#coded.reorders !== false }

  #begin (): void {
    this.#source = this.#coded.subscribe({
      write: (picture, done) => {
        if (picture.codec !== 'mjpeg') this.#publish(picture)
        done()
      },
      end: () => this.hub.close()
    })
  }

  #publish (picture: CodedVideo): void {
    const { at, key, damaged } = picture
    if (key) this.#config = this.#configs.of({ codec: picture.codec, sps: spsInUse(picture), format: picture.format, reorders: this.#reorders })
    if (damaged && this.#options.holdsDamaged) this.#config = undefined
    if (this.#config) this.hub.publish({ seq: ++this.#seq, at, live: true, key, damaged, config: this.#config, bytes: this.#accessUnits.of(picture, this.#options.rewritesSps && !this.#config.reorders) })
  }

  #clear (): void {
    this.#config = undefined
    this.hub.clear()
  }
}
