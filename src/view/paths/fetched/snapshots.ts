import type { PageHost, PagePath, PagePathOf } from '../path.js'
import { Pace } from './pace.js'
import { askForSnapshot, isProofRefused, type Answer } from './snapshot-request.js'

const MAX_FAILURES = 4

/** One request after the other: a path for pages where nothing else works. */
export const snapshotsPath: PagePathOf = host => new SnapshotsPath(host)

class SnapshotsPath implements PagePath {
  /** Not an `<img>`: a strict CSP forbids `blob:` addresses. */
  readonly element = document.createElement('canvas')
  readonly #host: PageHost
  readonly #pace = new Pace()
  #newest: Blob | undefined
  #timestamp: string | null = null
  /** Whether camgate is another site that does not list this one. */
  #isUnreadable = false
  #timer: ReturnType<typeof setTimeout> | undefined
  /** Another with each show(), so that what an earlier one has begun does not go on. */
  #run = {}

  constructor (host: PageHost) {
    this.#host = host
  }

  show (): void {
    void this.#next(this.#run = {})
  }

  hide (): void {
    this.#run = {}
    clearTimeout(this.#timer)
  }

  close (): void { this.hide() }

  async snapshot (): Promise<Blob> {
    if (!this.#newest) throw new Error('There is no picture that this page may read.')
    return this.#newest
  }

  async #next (run: object): Promise<void> {
    const wait = await this.#take(run)
    if (run !== this.#run) return
    if (this.#pace.failures >= MAX_FAILURES) return this.#host.failed('camgate does not answer.')
    this.#timer = setTimeout(() => { void this.#next(run) }, wait)
  }

  /** Resolves with the time to wait until the next one, in milliseconds. */
  async #take (run: object): Promise<number> {
    const url = this.#host.snapshot!
    const answer: Answer = this.#isUnreadable ? { kind: 'unreadable' } : await askForSnapshot(url, { token: this.#host.token })
    this.#isUnreadable = answer.kind === 'unreadable'
    if (isProofRefused(answer)) this.#host.refused()
    const picture = answer.kind === 'unreadable' ? await loadImage(url) : 'blob' in answer ? await createImageBitmap(answer.blob).catch(() => undefined) : undefined
    if (run !== this.#run) return 0
    if (!picture) return this.#pace.failed()
    this.#draw(picture)
    if (answer.kind === 'refused') return this.#pace.came(false)
    const [ageMs, timestamp] = answer.kind === 'picture' ? [answer.ageMs, answer.timestamp] : [undefined, null]
    const isNew = timestamp === null || timestamp !== this.#timestamp
    this.#timestamp = timestamp
    if (answer.kind === 'picture') this.#newest = answer.blob
    this.#host.painted({ ageMs, width: this.element.width, height: this.element.height })
    return this.#pace.came(isNew)
  }

  #draw (picture: ImageBitmap | HTMLImageElement): void {
    const { width, height } = picture
    if (this.element.width !== width || this.element.height !== height) Object.assign(this.element, { width, height })
    this.element.getContext('2d')!.drawImage(picture, 0, 0)
    if ('close' in picture) picture.close()
  }
}

/** A picture of another site, which the page may show but not read. A signed address must stay as it is. */
async function loadImage (url: string): Promise<HTMLImageElement | undefined> {
  const image = new Image()
  image.src = `${url}${url.includes('?') ? '#' : '?'}${Date.now()}`
  return await image.decode().then(() => image, () => undefined)
}
