import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Test } from 'tap'

const HEAD_END = '\r\n\r\n'
const OPENING = '--camgate-frame\r\n'
const CLOSING = `\r\n${OPENING}`

/** One part of the stream and its headers. */
export interface Part {
  readonly sequence: number
  /** When camgate received the picture: milliseconds since 1970. */
  readonly timestamp: number
  /** The camera's state, if this is a status frame. */
  readonly state: string | undefined
  /** Whether the headers say that the picture is damaged. */
  readonly damaged: boolean
  readonly jpeg: Buffer
}

export interface ViewerOptions {
  /** Reads at this rate; at once by default, never with 0. */
  readonly bytesPerSecond?: number
  /** Sent instead of a plain GET. */
  readonly request?: string
  /** A connection for it, such as one from another address; a new one to the URL by default. */
  readonly socket?: Socket
}

/** A viewer on a bare socket that checks every byte it receives. */
export class Viewer {
  readonly socket: Socket
  readonly parts: Part[] = []
  /** Everything that was wrong with the bytes. */
  readonly faults: string[] = []
  /** Status line and headers, once they have arrived. */
  head = ''
  readonly #rate: number
  #unread: Buffer = Buffer.alloc(0)
  #opened = false
  #rest: NodeJS.Timeout | undefined

  constructor (url: URL, { bytesPerSecond = Infinity, request = get(url), socket = connectionTo(url) }: ViewerOptions = {}) {
    this.#rate = bytesPerSecond
    this.socket = socket
    this.socket.write(request)
    this.socket.on('error', () => {}) // the service dropped it; 'close' follows
    if (bytesPerSecond === 0) this.socket.pause()
    else this.socket.on('data', (chunk: Buffer) => this.#read(chunk))
  }

  get live (): Part[] { return this.parts.filter(({ state }) => state === undefined) }
  get last (): Part | undefined { return this.parts.at(-1) }

  /** How many pictures are missing between the first and the last. */
  get skipped (): number {
    const [first, last] = [this.parts[0], this.last]
    return first && last ? last.sequence - first.sequence + 1 - this.parts.length : 0
  }

  /** Resolves when the connection is gone; idempotent. */
  async leave (how: 'destroy' | 'resetAndDestroy' = 'destroy'): Promise<void> {
    clearTimeout(this.#rest)
    if (this.socket.closed) return
    const closed = once(this.socket, 'close')
    this.socket[how]()
    await closed
  }

  #read (chunk: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, chunk])
    if (!this.#opened) this.#open()
    while (this.#opened && this.#takePart());
    if (this.#rate === Infinity) return
    this.socket.pause()
    this.#rest = setTimeout(() => this.socket.resume(), chunk.length / this.#rate * 1000)
  }

  #open (): void {
    const end = this.#unread.indexOf(HEAD_END + OPENING)
    if (end < 0) return
    this.head = this.#unread.toString('latin1', 0, end)
    this.#unread = this.#unread.subarray(end + HEAD_END.length + OPENING.length)
    this.#opened = true
  }

  #takePart (): boolean {
    const end = this.#unread.indexOf(HEAD_END)
    if (end < 0) return false
    const head = this.#unread.toString('latin1', 0, end)
    const header = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(head)?.[1]?.trim()
    const start = end + HEAD_END.length
    const after = start + Number(header('Content-Length'))
    if (this.#unread.length < after + CLOSING.length) return false
    const part: Part = {
      sequence: Number(header('X-Sequence')),
      timestamp: Number(header('X-Timestamp')) * 1000,
      state: header('X-Camera-State'),
      damaged: header('X-Damaged') === '1',
      jpeg: this.#unread.subarray(start, after)
    }
    const closing = this.#unread.toString('latin1', after, after + CLOSING.length)
    const whole = part.jpeg.toString('hex', 0, 2) === 'ffd8' && part.jpeg.toString('hex', part.jpeg.length - 2) === 'ffd9'
    if (!head.startsWith('Content-Type: image/jpeg\r\n') || !whole || closing !== CLOSING) this.faults.push(`after ${this.last?.sequence}: ${head}`)
    if (this.last && !(part.sequence > this.last.sequence)) this.faults.push(`${part.sequence} after ${this.last.sequence}`)
    this.parts.push(part)
    this.#unread = this.#unread.subarray(after + CLOSING.length)
    return true
  }
}

function connectionTo ({ protocol, hostname, port }: URL): Socket {
  const to = { host: hostname, port: Number(port) }
  return protocol === 'https:' ? connectTls({ ...to, rejectUnauthorized: false }) : connect(to)
}

const get = ({ pathname, search, host }: URL) => `GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\n\r\n`

/** A viewer that leaves when the test ends, if not before. */
export function view (t: Test, url: string | URL, options?: ViewerOptions): Viewer {
  const viewer = new Viewer(new URL(url), options)
  t.teardown(() => viewer.leave())
  return viewer
}

/** Sends these bytes and returns everything that the server answers until it closes the connection, or until `enough` bytes have come. */
export async function answerTo (url: string, bytes: string | Buffer, enough = Infinity): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port) })
  let answer = ''
  socket.setTimeout(20_000, () => socket.destroy(new Error(`no end of the answer: ${answer.slice(0, 300)}`)))
  socket.setEncoding('latin1').on('data', (text: string) => { if ((answer += text).length >= enough) socket.destroy() })
  socket.write(bytes)
  await once(socket, 'close')
  return answer
}
