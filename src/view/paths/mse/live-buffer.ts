/** How much film that has been shown may stay in the buffer. */
const MAX_KEPT_S = 10
/** Less than between two pictures. */
const EPSILON_S = 0.0005

/** One picture. `time`: when the film shows it, in seconds. `added` is called once it is in the buffer, or thrown away. */
export interface Piece { readonly bytes: Uint8Array<ArrayBuffer>, readonly time: number, readonly key: boolean, readonly added: () => void }

/** The one SourceBuffer of a MediaSource: adds pieces in their order, one at a time, and removes what has been shown. */
export class LiveBuffer {
  readonly #source: MediaSource
  readonly #currentTime: () => number
  readonly #failed: (reason: string) => void
  #type: string
  #buffer: SourceBuffer | undefined
  #waiting: Piece[] = []
  #adding: Piece | undefined
  /** From the start of an operation to its event. `updating` ends sooner in Firefox, and a piece added between them would take the place of the one before. */
  #isBusy = false
  /** The times of the key pictures in the buffer. */
  #keys: number[] = []
  #closed = false

  /** `currentTime`: of the element that plays the source, in seconds. */
  constructor (source: MediaSource, type: string, currentTime: () => number, failed: (reason: string) => void) {
    this.#source = source
    this.#type = type
    this.#currentTime = currentTime
    this.#failed = failed
    source.addEventListener('sourceopen', () => { this.#open() }, { once: true })
  }

  add (piece: Piece): void {
    this.#waiting.push(piece)
    this.#next()
  }

  /** The next pieces are of another codec string. */
  change (type: string): void {
    if (type === this.#type) return
    this.#type = type
    this.#attempt(() => { this.#buffer?.changeType(type) })
  }

  close (): void {
    this.#closed = true
    for (const { added } of [...this.#adding ? [this.#adding] : [], ...this.#waiting]) added()
    this.#adding = undefined
    this.#waiting = []
  }

  #open (): void {
    if (this.#closed) return
    this.#attempt(() => {
      const buffer = this.#buffer = this.#source.addSourceBuffer(this.#type)
      buffer.addEventListener('updateend', () => { this.#ended() })
      buffer.addEventListener('error', () => { this.#fail('the browser cannot read it') })
    })
    this.#next()
  }

  #ended (): void {
    if (this.#closed) return
    this.#isBusy = false
    this.#adding?.added()
    this.#adding = undefined
    this.#next()
  }

  #next (): void {
    const buffer = this.#buffer
    if (this.#closed || !buffer || this.#isBusy || this.#source.readyState !== 'open') return
    const shown = this.#keys.findLast(time => time <= this.#currentTime())
    const old = shown === undefined ? 0 : shown - this.#keys[0]!
    if (old > MAX_KEPT_S) return this.#removeBefore(buffer, shown!)
    const piece = this.#waiting[0]
    if (!piece) return
    try {
      buffer.appendBuffer(piece.bytes)
      this.#isBusy = true
      this.#adding = this.#waiting.shift()
      if (piece.key) this.#keys.push(piece.time)
    } catch (error) {
      if (old > 0 && error instanceof DOMException && error.name === 'QuotaExceededError') this.#removeBefore(buffer, shown!)
      else this.#fail(String(error))
    }
  }

  /** Browsers remove up to the next key picture at or after the given time: any other time would take what is on the screen, too. */
  #removeBefore (buffer: SourceBuffer, key: number): void {
    this.#keys = this.#keys.filter(time => time >= key)
    this.#attempt(() => {
      buffer.remove(0, key - EPSILON_S)
      this.#isBusy = true
    })
  }

  #attempt (action: () => void): void {
    try {
      action()
    } catch (error) {
      this.#fail(String(error))
    }
  }

  #fail (reason: string): void {
    if (!this.#closed) this.#failed(reason)
  }
}
