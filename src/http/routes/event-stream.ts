import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Clock } from '../../clock.js'
import type { CameraEvent, CameraEvents } from '../../events/camera-events.js'

/** A listener that takes nothing for this long is disconnected. */
const STALLED_AFTER_MS = 30_000
/** Browsers come back after this time; without it, after three seconds or five. */
const RETRY_MS = 1_000

export const EVENT_STREAM_HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'X-Accel-Buffering': 'no' // nginx would keep events back
} as const

export interface EventStreamParts {
  readonly events: CameraEvents
  readonly clock: Clock
  /** Whether the listener may see the camera of this id. */
  readonly sees: (id: string) => boolean
}

/**
 * One listener's response, Server-Sent Events. It holds no queue: while its connection is busy nothing is written, and then what is newest by then.
 * There is something with every beat, so a page notices that its connection is gone, and proxies do not think so.
 */
export class EventStream {
  readonly #response: ServerResponse
  readonly #parts: EventStreamParts
  #seen = 0
  /** The order of the cameras as it was sent last, and what `orderChanges` was then. */
  #order = ''
  #orderChanges = -1
  #busySince: number | undefined

  constructor (response: ServerResponse, headers: OutgoingHttpHeaders, parts: EventStreamParts) {
    this.#response = response
    this.#parts = parts
    response.on('error', () => {}) // the listener has left, and 'close' follows
    response.writeHead(200, { ...headers, ...EVENT_STREAM_HEADERS })
  }

  /** Sends what was missed since the event of this id, or everything if that is not known. Ends with its response. */
  start (lastEventId: string | undefined): void {
    const { events, sees } = this.#parts
    const known = lastEventId === undefined ? undefined : events.numberOf(lastEventId)
    const unsubscribe = events.subscribe(why => this.#next(why === 'beat'))
    this.#response.once('close', unsubscribe)
    this.#seen = known ?? events.newest
    this.#write(`retry: ${RETRY_MS}\n\n${known === undefined ? messageOf('all', { cameras: events.all(sees) }, events.idOf(this.#seen)) : ''}`)
    this.#next(true)
  }

  #next (isBeat: boolean): void {
    const { events, clock, sees } = this.#parts
    if (this.#busySince !== undefined) {
      if (clock.now() - this.#busySince >= STALLED_AFTER_MS) this.#response.destroy()
      return
    }
    const missed = events.after(this.#seen, sees)
    this.#seen = events.newest
    const text = missed.map(event => this.#textOf(event)).join('') + this.#orderIfNew() + (isBeat ? messageOf('time', { now: new Date(clock.wall()).toISOString() }) : '')
    if (text !== '') this.#write(text)
  }

  #write (text: string): void {
    if (this.#response.writableEnded || this.#response.write(text)) return
    this.#busySince = this.#parts.clock.now()
    this.#response.once('drain', () => {
      this.#busySince = undefined
      this.#next(false)
    })
  }

  /** Nothing is sent of a change among cameras that the listener may not see. */
  #orderIfNew (): string {
    const { events, sees } = this.#parts
    if (events.orderChanges === this.#orderChanges) return ''
    this.#orderChanges = events.orderChanges
    const text = messageOf('cameras', { order: events.order(sees) })
    if (text === this.#order) return ''
    this.#order = text
    return text
  }

  #textOf (event: CameraEvent): string {
    const known = texts.get(event)
    if (known !== undefined) return known
    const { kind, id, number } = event
    const text = messageOf(kind, { id, ...kind === 'camera' ? event.camera : event.figures }, this.#parts.events.idOf(number))
    texts.set(event, text)
    return text
  }
}

/** All listeners are sent the same text. */
const texts = new WeakMap<CameraEvent, string>()

const messageOf = (event: string, data: object, id?: string): string => `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
