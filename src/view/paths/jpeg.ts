import type { EngineHost, EnginePath, Picture } from './path.js'

/** A camera sends a broken picture now and then. So many in a row mean that this browser cannot decode them. */
const MAX_FAILURES = 10

/** JPEGs by the socket. One is decoded and one waits, which a newer one replaces. */
export class JpegPath implements EnginePath {
  readonly #host: EngineHost
  readonly #decode: (jpeg: Blob) => Promise<ImageBitmap>
  #waiting: Picture | undefined
  #isDecoding = false
  #isClosed = false
  #failures = 0

  constructor (host: EngineHost, decode: (jpeg: Blob) => Promise<ImageBitmap> = jpeg => createImageBitmap(jpeg)) {
    this.#host = host
    this.#decode = decode
  }

  add (picture: Picture): void {
    this.#waiting?.done()
    this.#waiting = picture
    void this.#next()
  }

  close (): void {
    this.#isClosed = true
    this.#waiting?.done()
    this.#waiting = undefined
  }

  async #next (): Promise<void> {
    const picture = this.#waiting
    if (!picture || this.#isDecoding) return
    this.#waiting = undefined
    this.#isDecoding = true
    const bitmap = await this.#decode(new Blob([picture.data], { type: 'image/jpeg' })).catch(() => undefined)
    this.#isDecoding = false
    picture.done()
    this.#failures = bitmap ? 0 : this.#failures + 1
    if (this.#isClosed) return bitmap?.close()
    if (bitmap) this.#host.paint(picture.header, bitmap)
    if (this.#failures === MAX_FAILURES) this.#host.failed('This browser cannot decode the camera\'s JPEGs.')
    void this.#next()
  }
}
