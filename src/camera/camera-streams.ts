import { isDeepStrictEqual } from 'node:util'
import type { CameraMemory } from '../capture/camera-memory.js'
import type { InputReport } from '../capture/input.js'
import type { Change } from '../config/changes.js'
import type { LiveCamera } from '../config/registry.js'
import type { DecoderReport } from '../decoder/status.js'
import type { Transport } from '../frames/subscriber.js'
import type { PtzControl } from '../onvif/ptz-control.js'
import { Demand } from '../lifecycle/demand.js'
import { LiveVideo } from '../live/live-video.js'
import type { RenditionParts } from '../renditions/rendition.js'
import { Renditions, type StreamOption } from '../renditions/renditions.js'
import { statusOf, watching } from '../stream/status.js'
import type { Dropped, Stream } from '../stream/stream.js'
import type { StreamHost } from '../stream/stream-host.js'
import { FullPicture } from './full-picture.js'
import { ptzOf } from './ptz-of.js'
import { Substream, type SubstreamParts } from './substream.js'

export type StreamsParts = RenditionParts & SubstreamParts

/** What the streams need of their camera. */
export interface StreamsHost extends StreamHost {
  readonly memory: CameraMemory
  /** Its own state is the same, but that of one of its streams has changed. */
  emit (event: 'change'): unknown
}

/** Everything that viewers can watch of one camera: its own picture, its renditions, its video and its substream. And what moves it. */
export class CameraStreams {
  readonly full: FullPicture
  readonly live: LiveVideo
  readonly #host: StreamsHost
  readonly #parts: StreamsParts
  readonly #liveDemand: Demand
  readonly #renditions: Renditions
  #substream: Substream | undefined
  #ptz: PtzControl | undefined
  #renditionChanges = 0
  /** By what has been taken out of the configuration. */
  #droppedBefore: Dropped = { viewer: 0, decoder: 0 }
  /** What has been taken out of the configuration, until nothing is left of it. */
  readonly #leaving = new Set<Promise<void>>()

  constructor (host: StreamsHost, parts: StreamsParts) {
    this.#host = host
    this.#parts = parts
    this.live = new LiveVideo(host.coded, parts.clock, {
      get holdsDamaged () { return host.camera.onLoss === 'hold' },
      get rewritesSps () { return host.camera.rewriteSps }
    })
    this.#liveDemand = new Demand(this.live.hub, parts.clock, () => host.demandChanged())
    this.full = new FullPicture(host, parts)
    this.full.decoder.prependListener('change', () => host.emit('change')) // first: renditions unsubscribe before a status frame is drawn for them
    this.#renditions = new Renditions(host, parts)
  }

  /** Adds what the configuration names. Call it once the host knows these streams, because they ask it for the state of its own picture. */
  open (): void {
    this.#renditions.apply(false)
    this.#openSubstream()
    this.#openPtz()
  }

  /** The camera's own picture and its renditions. */
  get all () { return [this.full, ...this.#renditions.all] }
  get substream (): Substream | undefined { return this.#substream }
  get ptz (): PtzControl | undefined { return this.#ptz }
  get renditionChanges (): number { return this.#renditionChanges }

  /** The camera's own picture, or the rendition of this name. @throws {CamgateError} RENDITION_NOT_FOUND */
  find (name?: string): Stream { return this.#renditions.find(name) ?? this.full }
  /** The streams that `auto` chooses from, the full picture first. */
  options (): StreamOption[] { return this.#renditions.options(this.full.publisher.newest) }

  /** Whether somebody watches one of them, or has until a moment ago. */
  get areNeeded (): boolean {
    return this.#substream?.isNeeded === true || [this.#liveDemand, ...this.all.map(({ demand }) => demand)].some(({ reason }) => reason !== null)
  }

  status () {
    const { clock } = this.#parts
    const status = statusOf(this.full.state, this.full.publisher, clock)
    const liveHubs = this.#liveHubs
    return {
      ...status,
      watching: [...status.watching, ...liveHubs.flatMap(hub => watching(hub, clock))],
      viewers: liveHubs.reduce((sum, { viewers }) => sum + viewers, status.viewers) - this.#renditions.all.filter(({ isSubscribed }) => isSubscribed).length,
      renditions: Object.fromEntries(this.#renditions.all.map(rendition => [rendition.name, rendition.status()])),
      substream: this.#substream?.status() ?? null
    }
  }

  /** What makes JPEGs of the camera's pictures; null if nothing has to, and while it is not read. An ffmpeg that reads the camera also decodes what it sends. */
  decoderReport (input: InputReport | null): DecoderReport | null {
    const { coded, state } = this.#host
    if (coded.track) return this.full.decoder.report()
    return input?.decoder ? { state, for: 'always', decoding: { decoder: input.decoder } } : null
  }

  /** How many watch one of them in this way. */
  viewersBy (transport: Transport): number {
    return [...this.all.map(({ hub }) => hub), ...this.#liveHubs].reduce((sum, hub) => sum + hub.viewersBy(transport), 0)
  }

  /** Pictures of all of them that were dropped since the camera was added. */
  get dropped (): Dropped {
    return [...this.all.map(({ dropped }) => dropped), ...this.#liveHubs.map(({ dropped }) => ({ viewer: dropped, decoder: 0 }))].reduce(sumOf, this.#droppedBefore)
  }

  /** Takes over the camera's changed configuration. Viewers stay, except those of what is no longer there. */
  apply (before: LiveCamera, change: Exclude<Change, 'none'>): void {
    const isMadeAnew = change === 'pictures' || change === 'connection'
    if (isMadeAnew) this.full.decoder.renew()
    if (change !== 'name') {
      if (!isDeepStrictEqual(before.renditions, this.#host.camera.renditions)) this.#renditionChanges++
      for (const rendition of this.#renditions.apply(isMadeAnew)) {
        this.#droppedBefore = sumOf(this.#droppedBefore, rendition.dropped)
        this.#end(rendition.leave(RENDITION_REMOVED, 'removed'))
      }
      this.#applyToSubstream(before, change === 'connection')
    }
    if (change === 'connection' || before.onvif !== this.#host.camera.onvif) {
      this.#end(this.#ptz?.close())
      this.#openPtz()
    }
    for (const stream of this.all) stream.redraw()
  }

  /** Follows the camera's state, or somebody's demand. */
  update (): void {
    this.full.update()
    this.#substream?.update()
  }

  /** Shows all viewers why there will be no more pictures. */
  async leave (text: string, state: string): Promise<void> {
    await Promise.all(this.all.map(stream => stream.leave(text, state)))
  }

  /** Ends every viewer, and begins to stop every process. Resolves when the camera no longer moves. */
  async close (): Promise<void> {
    for (const stream of this.all) stream.close()
    this.#host.coded.close()
    this.#liveDemand.close()
    this.#substream?.close()
    await this.#ptz?.close()
  }

  /** Resolves once nothing is being stopped. */
  async settled (): Promise<void> {
    await Promise.all([this.full.decoder, ...this.#renditions.all, ...this.#substream ? [this.#substream] : []].map(each => each.settled()))
    await Promise.all(this.#leaving)
  }

  get #liveHubs () { return [this.live.hub, ...this.#substream ? [this.#substream.live.hub] : []] }

  #applyToSubstream (before: LiveCamera, renews: boolean): void {
    const { camera } = this.#host
    if (camera.substream && this.#substream) return this.#substream.apply(camera, camera.substream, renews || !isDeepStrictEqual(camera.substream, before.substream))
    if (this.#substream) this.#droppedBefore = sumOf(this.#droppedBefore, { viewer: this.#substream.live.hub.dropped, decoder: 0 })
    this.#substream?.close()
    this.#end(this.#substream?.settled())
    this.#openSubstream()
  }

  #openSubstream (): void {
    const host = this.#host
    const { camera: { substream }, camera } = host
    this.#substream = substream && new Substream(camera, substream, {
      get memory () { return host.memory },
      isRunning: () => host.state.kind === 'running',
      demandChanged: () => host.demandChanged(),
      changed: () => host.emit('change')
    }, this.#parts)
  }

  #openPtz (): void {
    this.#ptz = ptzOf(this.#host, this.#parts)
  }

  #end (ended: Promise<void> = Promise.resolve()): void {
    this.#leaving.add(ended)
    void ended.then(() => this.#leaving.delete(ended))
  }
}

const sumOf = (one: Dropped, other: Dropped): Dropped => ({ viewer: one.viewer + other.viewer, decoder: one.decoder + other.decoder })

const RENDITION_REMOVED = 'This rendition of the picture has been removed from the configuration.'
