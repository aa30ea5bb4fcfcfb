import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { BOUNDARY, OPENING, type Frame } from '../frames/frame.js'
import type { Sink } from '../frames/subscriber.js'

/** A viewer that takes not one byte of what it is sent, so many times for so long (milliseconds), is gone or hopeless: 15 s in all. */
const STALLS = 3
const STALL = 5_000

export const STREAM_HEADERS = {
  'Content-Type': `multipart/x-mixed-replace; boundary=${BOUNDARY}`,
  'Cache-Control': 'no-store',
  'X-Accel-Buffering': 'no', // nginx would collect frames before it passes them on
  Connection: 'close'
} as const

/** A viewer's endless response: one write a frame, ended by closing its connection, so no chunk headers stand between frames. */
export class MjpegResponse implements Sink {
  readonly #response: ServerResponse
  #writing = false
  #stalls = 0

  /** `onStalled` is called just before a viewer that takes nothing is let go. */
  constructor (response: ServerResponse, headers: OutgoingHttpHeaders, onStalled: () => void) {
    this.#response = response
    response.on('error', () => {}) // a viewer that left: 'close' follows and ends the subscriber
    response.setTimeout(STALL, () => { // since the last byte went out, in mid-frame too
      if (!this.#writing) return // the next write sets the timer again
      if (++this.#stalls < STALLS) response.setTimeout(STALL)
      else {
        onStalled()
        response.destroy()
      }
    })
    response.removeHeader('Transfer-Encoding')
    response.writeHead(200, { ...headers, ...STREAM_HEADERS })
    response.write(OPENING)
  }

  write (frame: Frame, done: () => void): void {
    this.#writing = true
    this.#response.write(frame.part, error => {
      this.#writing = false
      this.#stalls = 0
      if (!error) done()
    })
  }

  end (): void {
    this.#response.end()
  }
}
