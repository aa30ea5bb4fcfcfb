import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { AdaptiveSink } from '../adaptive/adaptive-subscriber.js'
import type { Frame, FrameStamp } from '../frames/frame.js'
import type { Gone } from '../frames/subscriber.js'
import type { SplitJpeg } from '../jpeg/splitter.js'
import { assembleFrame, BOUNDARY, OPENING, partOf } from '../multipart.js'
import { linkOf, unsentBytes } from './linux-tcp.js'

/** A viewer that accepts no data for 15 seconds during one frame is disconnected: three timeouts, because any byte restarts the timer. */
const NO_DATA_TIMEOUT_MS = 5_000
const MAX_NO_DATA_TIMEOUTS = 3
/** A slow viewer is sent its next frame once the kernel holds no more unsent bytes for it than this. */
const MAX_UNSENT_BYTES = 8 * 1024
const UNSENT_POLL_MS = 10
/** A header of the next part. Only sent bytes reveal that a half-closed viewer has left, and with a low `fps` there may be none for minutes. */
const PROBE = 'X-Waiting: yes\r\n'
const PROBE_INTERVAL_MS = 1_000

export const STREAM_HEADERS = {
  'Content-Type': `multipart/x-mixed-replace; boundary=${BOUNDARY}`,
  'X-Accel-Buffering': 'no', // nginx would buffer frames
  Connection: 'close'
} as const

/** A picture that is no camera's. */
export interface LastPicture { readonly picture: SplitJpeg, readonly stamp: Omit<FrameStamp, 'seq'> }

export interface MjpegOptions {
  readonly isAdaptive?: boolean
  readonly last?: (() => LastPicture) | undefined
}

/** A viewer's endless response, with one write for each frame. It ends with its connection, so it needs no chunk headers. */
export class MjpegResponse implements AdaptiveSink {
  readonly #response: ServerResponse
  readonly #socket: Socket
  readonly #isAdaptive: boolean
  readonly #last: (() => LastPicture) | undefined
  /** To be called once the current frame is sent. */
  #done: (() => void) | undefined
  /** Whether the kernel had no room for all of the last frame at once. */
  #isSlow = false
  #timeouts = 0
  /** The number of the last frame. */
  #seq = 0
  /** Whether the last frame is a picture of the camera. */
  #isLive = false
  /** Milliseconds without a frame after which the viewer is probed; 0 means never. */
  #idleTimeoutMs = 0
  #onGone: (why: Gone) => void = () => {}

  /**
   * `socket` is the response's own. With `isAdaptive`, the kernel is asked after every picture how much is unsent, because it accepts several
   * small ones at once, however slow the connection. If the stream would end with a picture of the camera, `last` follows it: a browser goes on
   * showing the last picture of an `<img>`, and does not say that there will be no more.
   */
  constructor (response: ServerResponse, socket: Socket, headers: OutgoingHttpHeaders, { isAdaptive = false, last }: MjpegOptions = {}) {
    this.#response = response
    this.#socket = socket
    this.#isAdaptive = isAdaptive
    this.#last = last
    response.on('error', () => {}) // the viewer has left, and 'close' follows
    response.on('close', () => this.#gone('left'))
    response.on('timeout', () => this.#timedOut())
    if (socket.readableEnded) this.#halfClosed()
    else socket.once('end', () => this.#halfClosed())
    response.removeHeader('Transfer-Encoding')
    response.writeHead(200, { ...headers, ...STREAM_HEADERS })
    response.write(OPENING)
  }

  /** Sends a picture that is no camera's, after the current one, and ends the response. */
  endWith ({ picture, stamp }: LastPicture): void {
    this.#socket.write(partOf(assembleFrame(picture, { ...stamp, seq: this.#seq + 1 })))
    this.#response.end()
  }

  /** Writes to the socket instead of the response, which would add a quarter to the cost of each write. */
  write (frame: Frame, done: () => void): void {
    const socket = this.#socket
    this.#seq = frame.seq
    this.#isLive = frame.live
    socket.write(partOf(frame)) // without a callback, which would cost a tick
    if (socket.writableLength === 0 && !this.#isSlow && !(this.#isAdaptive && unsentBytes(socket) > MAX_UNSENT_BYTES)) return done()
    this.#done = done
    this.#response.setTimeout(NO_DATA_TIMEOUT_MS) // for slow viewers only: every write restarts a timer
    socket.write('', this.#accepted) // called back after the frame
  }

  end (): void {
    if (this.#isLive && this.#last) this.endWith(this.#last())
    else this.#response.end()
  }

  onGone (listener: (why: Gone) => void): void {
    this.#onGone = listener
  }

  link () { return linkOf(this.#socket) }

  #gone (why: Gone): void {
    const listener = this.#onGone
    this.#onGone = () => {}
    listener(why)
  }

  /** No byte has gone out for a while, between two frames or in the middle of one. */
  #timedOut (): void {
    if (!this.#done) {
      this.#socket.write(PROBE)
    } else if (++this.#timeouts < MAX_NO_DATA_TIMEOUTS) {
      this.#response.setTimeout(NO_DATA_TIMEOUT_MS)
    } else {
      this.#gone('stalled')
      this.#response.destroy()
    }
  }

  /** A viewer that has sent FIN still reads, or has left. It has left if it asked to keep the connection for more requests. */
  #halfClosed (): void {
    if (/keep-alive/i.test(this.#response.req.headers.connection ?? '')) this.#response.destroy()
    this.#idleTimeoutMs = PROBE_INTERVAL_MS
    if (this.#done) return
    this.#socket.write(PROBE)
    this.#response.setTimeout(PROBE_INTERVAL_MS)
  }

  readonly #accepted = (error?: Error | null): void => {
    if (!error) this.#waitUntilSent() // on an error, the viewer has left
  }

  /**
   * Linux accepts up to 64 KiB into its last segment whatever TCP_NOTSENT_LOWAT says, and reports nothing when they are sent. A frame that it
   * accepted at once may wait long, and the next frame would grow old behind it.
   */
  #waitUntilSent (): void {
    const socket = this.#socket
    const unsent = unsentBytes(socket)
    this.#isSlow = unsent > 0
    if (unsent <= MAX_UNSENT_BYTES) return this.#finish()
    const poll = setInterval(() => {
      if (unsentBytes(socket) > MAX_UNSENT_BYTES && !socket.destroyed) return
      clearInterval(poll)
      this.#finish()
    }, UNSENT_POLL_MS)
  }

  #finish (): void {
    const done = this.#done
    this.#done = undefined
    this.#timeouts = 0
    this.#response.setTimeout(this.#idleTimeoutMs)
    done?.()
  }
}
