import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { BOUNDARY, OPENING, type Frame } from '../frames/frame.js'
import type { Sink } from '../frames/subscriber.js'

export const STREAM_HEADERS = {
  'Content-Type': `multipart/x-mixed-replace; boundary=${BOUNDARY}`,
  'Cache-Control': 'no-store',
  'X-Accel-Buffering': 'no', // nginx would collect frames before it passes them on
  Connection: 'close'
} as const

/** A viewer's endless response: one write a frame, ended by closing its connection, so no chunk headers stand between frames. */
export class MjpegResponse implements Sink {
  readonly #response: ServerResponse

  constructor (response: ServerResponse, headers: OutgoingHttpHeaders) {
    this.#response = response
    response.on('error', () => {}) // a viewer that left: 'close' follows and ends the subscriber
    response.removeHeader('Transfer-Encoding')
    response.writeHead(200, { ...headers, ...STREAM_HEADERS })
    response.write(OPENING)
  }

  write (frame: Frame, done: () => void): void {
    this.#response.write(frame.part, error => { if (!error) done() })
  }

  end (why: 'closed' | 'stalled'): void {
    if (why === 'closed') this.#response.end()
    else this.#response.destroy()
  }
}
