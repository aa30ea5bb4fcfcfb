import type { PageHost, PagePath, PagePathOf } from '../path.js'
import { toJpeg } from '../to-jpeg.js'
import { askForSnapshot, isProofRefused } from './snapshot-request.js'

/** An `<img>` does not say when a picture comes, nor that its stream has ended, so camgate is asked for the age of its newest picture. */
const ASK_INTERVAL_MS = 1_000
const FIRST_PICTURE_TIMEOUT_MS = 8_000

/** MJPEG in an `<img>`: for pages from which no WebSocket gets through. */
export const imgPath: PagePathOf = host => new ImgPath(host)

class ImgPath implements PagePath {
  readonly element = document.createElement('img')
  readonly #host: PageHost
  #timer: ReturnType<typeof setInterval> | undefined
  #startedAt = 0
  #isLost = false

  constructor (host: PageHost) {
    this.#host = host
    this.element.alt = ''
    this.element.addEventListener('load', () => { this.#painted() })
    this.element.addEventListener('error', () => { if (this.#timer !== undefined) this.#lose() })
  }

  show (): void {
    this.hide()
    this.#startedAt = performance.now()
    this.#timer = setInterval(() => { void this.#ask() }, ASK_INTERVAL_MS)
    this.#start()
  }

  /** Without an address the browser ends the stream. */
  hide (): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.element.removeAttribute('src')
  }

  close (): void { this.hide() }

  async snapshot (): Promise<Blob> {
    return await toJpeg(this.element, this.element.naturalWidth, this.element.naturalHeight)
  }

  #start (): void {
    this.#isLost = false
    this.element.src = this.#host.stream!
  }

  async #ask (): Promise<void> {
    const timer = this.#timer
    const { snapshot } = this.#host
    if (snapshot === undefined) return this.#painted() // a signed link is good for the stream only
    const answer = await askForSnapshot(snapshot, { method: 'HEAD' })
    if (timer !== this.#timer) return
    if (answer.kind === 'unreachable') return this.#lose()
    if (isProofRefused(answer)) this.#host.refused()
    if (this.#isLost) return this.#start()
    if (answer.kind === 'picture') this.#painted(answer.ageMs)
    else if (answer.kind === 'unreadable') this.#painted()
    else this.#startedAt = performance.now() // camgate draws into the stream why there is no picture
  }

  #painted (ageMs?: number): void {
    const { naturalWidth: width, naturalHeight: height } = this.element
    if (width > 0) this.#host.painted({ ageMs, width, height })
    else if (performance.now() - this.#startedAt > FIRST_PICTURE_TIMEOUT_MS) this.#host.failed('The browser shows no MJPEG in <img>.')
  }

  #lose (): void {
    this.#isLost = true
    if (performance.now() - this.#startedAt > FIRST_PICTURE_TIMEOUT_MS) this.#host.failed('camgate does not answer.')
  }
}
