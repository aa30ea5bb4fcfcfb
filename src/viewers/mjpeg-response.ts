import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { AdaptiveSink } from '../adaptive/adaptive-subscriber.js'
import type { Frame } from '../frames/frame.js'
import { BOUNDARY, OPENING, partOf } from '../multipart.js'
import { linkOf, unsentBytes } from './linux-tcp.js'

/** A viewer that takes not one byte for so long (milliseconds), so many times within one frame, is gone or hopeless: 15 s in all. */
const STALLS = 3
const STALL = 5_000
/** A slow viewer is sent its next frame once the kernel holds no more than so many unsent bytes for it, looked at so often (milliseconds). */
const NEARLY_SENT = 8 * 1024
const LOOK_EVERY = 10
/** A header for the next part. Only sent bytes reveal that a half-closed viewer has left, and with a small `fps` there are none for minutes. */
const PROBE_AFTER = 1_000
const PROBE = 'X-Waiting: yes\r\n'

export const STREAM_HEADERS = {
  'Content-Type': `multipart/x-mixed-replace; boundary=${BOUNDARY}`,
  'Cache-Control': 'no-store',
  'X-Accel-Buffering': 'no', // nginx would collect frames before it passes them on
  Connection: 'close'
} as const

/** A viewer's endless response: one write a frame, ended by closing its connection, so no chunk headers stand between frames. */
export class MjpegResponse implements AdaptiveSink {
  readonly #response: ServerResponse
  readonly #socket: Socket
  readonly #isWatched: boolean
  /** To be called when the frame that it is busy with is sent. */
  #done: (() => void) | undefined
  /** Whether the kernel had no room for all of the last frame at once. */
  #slow = false
  #stalls = 0
  /** Milliseconds between two frames after which the viewer is probed; 0 is never. */
  #idleTimeout = 0

  /**
   * `socket` is the response's own; `onStalled` is called just before a viewer that takes next to nothing is let go. With `isWatched` the
   * kernel is asked after every picture: it takes several small ones at once, however slow the connection.
   */
  constructor (response: ServerResponse, socket: Socket, headers: OutgoingHttpHeaders, onStalled: () => void, isWatched = false) {
    this.#response = response
    this.#socket = socket
    this.#isWatched = isWatched
    response.on('error', () => {}) // a viewer that left: 'close' follows and ends the subscriber
    response.on('timeout', () => { // since the last byte went out, in mid-frame too
      if (!this.#done) socket.write(PROBE)
      else if (++this.#stalls < STALLS) response.setTimeout(STALL)
      else {
        onStalled()
        response.destroy()
      }
    })
    if (socket.readableEnded) this.#expectLeaving()
    else socket.once('end', () => this.#expectLeaving())
    response.removeHeader('Transfer-Encoding')
    response.writeHead(200, { ...headers, ...STREAM_HEADERS })
    response.write(OPENING)
  }

  /** Past the response to its socket: Node's response costs a quarter as much again as the socket for each write. */
  write (frame: Frame, done: () => void): void {
    const socket = this.#socket
    socket.write(partOf(frame)) // a callback would cost a tick
    if (socket.writableLength === 0 && !this.#slow && !(this.#isWatched && unsentBytes(socket) > NEARLY_SENT)) return done()
    this.#done = done
    this.#response.setTimeout(STALL) // not for all: a timer is set again by every write
    socket.write('', this.#taken) // its turn comes behind the frame
  }

  end (): void {
    this.#response.end()
  }

  link () { return linkOf(this.#socket) }

  /** A viewer that has sent FIN reads on, or has left. It has left if it said that it would keep the connection for more requests. */
  #expectLeaving (): void {
    if (/keep-alive/i.test(this.#response.req.headers.connection ?? '')) this.#response.destroy()
    this.#idleTimeout = PROBE_AFTER
    if (this.#done) return
    this.#socket.write(PROBE)
    this.#response.setTimeout(PROBE_AFTER)
  }

  readonly #taken = (error?: Error | null): void => {
    if (!error) this.#waitUntilSent() // else it has left
  }

  /**
   * Linux takes up to 64 KiB into its last segment whatever TCP_NOTSENT_LOWAT says, and tells nobody when they are sent: a frame that it
   * has taken at once may be a long time from its turn, and one behind it would grow old.
   */
  #waitUntilSent (): void {
    const socket = this.#socket
    const unsent = unsentBytes(socket)
    this.#slow = unsent > 0
    if (unsent <= NEARLY_SENT) return this.#finish()
    const look = setInterval(() => {
      if (unsentBytes(socket) > NEARLY_SENT && !socket.destroyed) return
      clearInterval(look)
      this.#finish()
    }, LOOK_EVERY)
  }

  #finish (): void {
    const done = this.#done
    this.#done = undefined
    this.#stalls = 0
    this.#response.setTimeout(this.#idleTimeout)
    done?.()
  }
}
