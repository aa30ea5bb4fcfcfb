import { systemClock } from '../../../clock.js'
import type { TileConfig } from '../../../wire/messages.js'
import type { PictureHeader } from '../../../wire/picture-header.js'
import { Muxer } from '../../mp4/muxer.js'
import { CatchUp } from '../catch-up.js'
import type { PageHost, PagePath, PagePathOf, Picture } from '../path.js'
import { toJpeg } from '../to-jpeg.js'
import { Interval } from './interval.js'
import { LiveBuffer } from './live-buffer.js'
import { chase, durationOf, targetOf } from './live-edge.js'
import { mimeType, sourceClass } from './media-source.js'

/** A picture in the film that has not been on the screen yet. `time` in microseconds of the film. */
interface Expected { readonly time: number, readonly header: PictureHeader }

/** The first picture may take a while on a slow machine. Later ones come at the camera's rate. */
const FIRST_PICTURE_TIMEOUT_MS = 8_000
const STALL_TIMEOUT_MS = 3_000
const CHECK_INTERVAL_MS = 500
/** A second failure within this time ends the path. */
const SECOND_FAILURE_WITHIN_MS = 60_000
/** Browsers round times. */
const ROUNDING_US = 500

/** The element shows pictures by itself. */
const ON_SCREEN = { close () {} }

/** A `<video>` whose film is made here of the camera's own pictures, for origins where the browser has no VideoDecoder. */
export const msePath: PagePathOf = host => new MsePath(host)

class MsePath implements PagePath {
  readonly element = document.createElement('video')
  readonly #host: PageHost
  readonly #timer: ReturnType<typeof setInterval>
  #config: TileConfig | undefined
  #interval = new Interval()
  #muxer: Muxer | undefined
  #buffer: LiveBuffer | undefined
  #expected: Expected[] = []
  /** The element stays hidden while it shows what the camera sent since the last key picture. */
  readonly #catchUp: CatchUp<typeof ON_SCREEN>
  #isCatchingUp = true
  /** When the element had last shown a picture, or had none to show. */
  #progressAt = 0
  #hasPlayed = false
  #failedAt = -Infinity
  #isHidden = true

  constructor (host: PageHost) {
    this.#host = host
    this.#catchUp = new CatchUp<typeof ON_SCREEN>(systemClock, {
      ageOf: header => host.ageOf(header),
      paint: header => {
        this.#isCatchingUp = false
        host.painted({ header, width: this.element.videoWidth, height: this.element.videoHeight })
      }
    })
    Object.assign(this.element, { muted: true, playsInline: true, disablePictureInPicture: true, disableRemotePlayback: true })
    this.element.addEventListener('error', () => { this.#recover(this.element.error?.message || 'the browser cannot decode it') })
    this.element.addEventListener('timeupdate', () => { if (!hasFrameCallback()) this.#shown(this.element.currentTime) })
    if (hasFrameCallback()) this.#nextFrame()
    this.#timer = setInterval(() => { this.#check() }, CHECK_INTERVAL_MS)
  }

  configure (config: TileConfig): void {
    if (config.kind === 'jpeg') return // the engine paints it
    const type = mimeType(config.codec)
    if (config.reorders) return this.#host.failed('The camera sends pictures in another order than they are shown (B-frames), which <video> shows late.')
    if (!sourceClass()?.isTypeSupported(type)) return this.#host.failed(`This browser does not play ${config.codec} in <video>.`)
    const isSame = this.#config?.kind === config.kind
    this.#config = config
    this.#interval = new Interval()
    if (isSame) this.#buffer?.change(type)
    else this.#open()
  }

  add (picture: Picture): void {
    const [muxer, buffer, config, { header }] = [this.#muxer, this.#buffer, this.#config, picture]
    if (!muxer || !buffer || !config) return picture.done()
    this.#interval.add(header)
    const duration = Math.round(durationOf({ ahead: this.#ahead(muxer), interval: this.#interval.ms }) * 1000)
    const time = muxer.time
    const bytes = muxer.add(picture.data, { key: header.key, duration, width: config.width, height: config.height })
    if (!bytes) return picture.done()
    if (this.#expected.length === 0) this.#progressAt = performance.now()
    this.#expected.push({ time, header })
    buffer.add({
      bytes,
      time: time / 1e6,
      key: header.key,
      added: () => {
        picture.done()
        if (muxer === this.#muxer) this.#chase(muxer)
      }
    })
  }

  show (): void {
    this.#isHidden = false
    this.#expected = []
    this.#play()
  }

  hide (): void {
    this.#isHidden = this.#isCatchingUp = true
    this.#catchUp.clear()
    this.element.pause()
  }

  close (): void {
    clearInterval(this.#timer)
    this.#catchUp.clear()
    this.#buffer?.close()
    this.#buffer = this.#muxer = undefined
    this.element.removeAttribute('src')
    this.element.load()
  }

  async snapshot (): Promise<Blob> {
    return await toJpeg(this.element, this.element.videoWidth, this.element.videoHeight)
  }

  #open (): void {
    this.#buffer?.close()
    this.#expected = []
    const config = this.#config!
    const source = new (sourceClass()!)()
    this.#muxer = new Muxer(config.kind as 'h264' | 'h265')
    this.#buffer = new LiveBuffer(source, mimeType(config.codec), () => this.element.currentTime, reason => { this.#recover(reason) })
    const url = URL.createObjectURL(source)
    source.addEventListener('sourceopen', () => { URL.revokeObjectURL(url) }, { once: true })
    this.element.src = url
    this.#play()
  }

  #play (): void {
    if (this.#isHidden) return
    this.element.play().catch((error: unknown) => {
      if (error instanceof DOMException && error.name === 'NotAllowedError') this.#host.failed('The browser does not let a video play by itself.')
    })
  }

  /** Milliseconds of film that are not on the screen yet. */
  #ahead (muxer: Muxer): number {
    return muxer.time / 1000 - this.element.currentTime * 1000
  }

  #chase (muxer: Muxer): void {
    const interval = this.#interval.ms
    const move = chase({ ahead: this.#ahead(muxer), interval })
    if (move === 'jump') this.element.currentTime = muxer.time / 1e6 - targetOf(interval) / 1000
    else if (this.element.playbackRate !== move) this.element.playbackRate = move
  }

  #nextFrame (): void {
    this.element.requestVideoFrameCallback((_now, { mediaTime }) => {
      this.#shown(mediaTime)
      this.#nextFrame()
    })
  }

  /** The picture of this time of the film, in seconds, is on the screen. */
  #shown (seconds: number): void {
    const shown = this.#expected.findLast(({ time }) => time <= seconds * 1e6 + ROUNDING_US)
    if (!shown) return
    this.#expected = this.#expected.filter(({ time }) => time > shown.time)
    this.#progressAt = performance.now()
    this.#hasPlayed = true
    this.#catchUp.add(shown.header, ON_SCREEN, this.#expected.length, this.#isCatchingUp)
  }

  #check (): void {
    if (this.#isHidden || this.#expected.length === 0) return
    const stood = performance.now() - this.#progressAt
    if (!this.#hasPlayed && stood > FIRST_PICTURE_TIMEOUT_MS) this.#host.failed('The browser was given the video, but does not play it.')
    else if (this.#hasPlayed && stood > STALL_TIMEOUT_MS) this.#recover('it stands still')
  }

  /** Begins anew, once. */
  #recover (reason: string): void {
    if (!this.#muxer) return
    const now = performance.now()
    if (now - this.#failedAt < SECOND_FAILURE_WITHIN_MS) return this.#host.failed(`The video has failed twice: ${reason}.`)
    this.#failedAt = this.#progressAt = now
    this.#open()
    this.#host.again()
  }
}

const hasFrameCallback = (): boolean => 'requestVideoFrameCallback' in HTMLVideoElement.prototype
