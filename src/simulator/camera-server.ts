import type { Socket } from 'node:net'
import type { Clip } from '../clips/clip.js'
import type { Clock } from '../clock.js'
import type { Credentials } from '../credentials.js'
import { clockError, pictureFaultAfter, type Fault } from '../faults/fault.js'
import type { Quirks } from '../faults/quirk.js'
import type { AuthScheme } from './authenticator.js'
import { Availability } from './availability.js'
import { tlsServer } from './certificate.js'
import { Connection, type CameraPort, type Counter } from './connection.js'
import { Schedule } from './schedule.js'
import { pictureAt } from './player.js'

/** Counts since the start; `connections` and `playing` are current. */
export interface CameraStats {
  connections: number
  connectionsTotal: number
  playing: number
  playsTotal: number
  /** TEARDOWN requests that arrived. A client that hangs up with unread pictures may reset its connection first. */
  teardowns: number
  /** Requests with wrong credentials. */
  rejections: number
  /** OPTIONS, GET_PARAMETER and SET_PARAMETER in a session, whatever the response. */
  keepAlives: number
  /** RTCP receiver reports that arrived. */
  receiverReports: number
  /** Pictures sent, and pictures dropped because a client's socket was full, summed over all clients. */
  pictures: number
  dropped: number
}

/** `frameNumber` is the picture's place in the clip; `atMs` is the clock's `now()` just before the first client's first packet. */
export type PictureListener = (frameNumber: number, atMs: number) => void

export interface CameraOptions {
  id: string
  title: string
  auth: AuthScheme
  credentials: Credentials
  host: string
  port: number
  clip: Clip
  clock: Clock
  quirks: Quirks
  tls: boolean
}

/** One simulated camera. All its clients see the same picture at the same time. */
export class CameraServer implements CameraPort {
  readonly id: string
  readonly title: string
  readonly auth: AuthScheme
  readonly credentials: Credentials
  readonly clock: Clock
  readonly quirks: Quirks
  readonly tls: boolean
  readonly pictureListeners = new Set<PictureListener>()
  fault: Fault | null = null
  readonly #availability: Availability
  readonly #schedule: Schedule
  readonly #ownClip: Clip
  /** Each with the time at which it began to play. */
  readonly #players = new Map<Connection, number>()
  readonly #counts = { connectionsTotal: 0, playsTotal: 0, teardowns: 0, rejections: 0, keepAlives: 0, receiverReports: 0, pictures: 0, dropped: 0 }
  #otherClip: Clip | null = null
  #faultSince = 0
  #codecChanged = false

  constructor ({ id, title, auth, credentials, host, port, clip, clock, quirks, tls }: CameraOptions) {
    this.id = id
    this.title = title
    this.auth = auth
    this.credentials = credentials
    this.#ownClip = clip
    this.clock = clock
    this.quirks = quirks
    this.tls = tls
    const secured = tls ? tlsServer(new Date(clock.wall())) : (socket: Socket) => socket
    this.#availability = new Availability(host, port, clock, socket => {
      this.#counts.connectionsTotal++
      return new Connection(secured(socket), this)
    })
    this.#schedule = new Schedule(clip.track.fps, clock, index => this.#show(index))
  }

  get port (): number {
    return this.#availability.port
  }

  get stats (): CameraStats {
    return { ...this.#counts, connections: this.#availability.connections, playing: this.#players.size }
  }

  /** The clip that DESCRIBE offers. */
  get clip (): Clip {
    return this.#codecChanged && this.#otherClip ? this.#otherClip : this.#ownClip
  }

  /** Opens the port. Throws PORT_BUSY. */
  async open (): Promise<void> {
    await this.#availability.open()
  }

  /** Resolves when the fault is in effect. `other` is the clip that `resize` and `codec` change to; it has as many pictures as the camera's own. */
  async setFault (fault: Fault | null, other: Clip | null): Promise<void> {
    if (this.#availability.closed) return
    if (this.#codecChanged) this.#changeCodec(false)
    this.fault = fault
    this.#otherClip = other
    this.#faultSince = this.clock.now()
    switch (fault?.kind) {
      case 'refuse': return await this.#availability.leave()
      case 'away': return await this.#availability.comeAndGo(fault)
      default: await this.#availability.stay()
    }
  }

  async close (): Promise<void> {
    await this.#availability.close()
  }

  play (connection: Connection): void {
    if (!this.#players.has(connection)) this.#players.set(connection, this.clock.now())
    this.#counts.playsTotal++
    if (!this.#schedule.running) this.#schedule.start(this.#nextKeyPicture() + (this.quirks.has('no-key-first') ? 1 : 0))
  }

  pause (connection: Connection): void {
    this.#players.delete(connection)
    if (this.#players.size === 0) this.#schedule.stop()
  }

  count (counter: Counter): void {
    this.#counts[counter]++
  }

  /** The first client need not wait for a key picture. */
  #nextKeyPicture (): number {
    let index = this.#schedule.index
    while (!pictureAt(this.clip, index).key) index++
    return index
  }

  #show (index: number): void {
    const now = this.clock.now()
    let shown = false
    for (const [connection, since] of this.#players) {
      const seconds = (now - Math.max(since, this.#faultSince)) / 1_000
      const pictureFault = pictureFaultAfter(this.fault, seconds, index)
      if (pictureFault === 'codec' && !this.#codecChanged) return this.#changeCodec(true)
      const clip = pictureFault === 'resize' && this.#otherClip ? this.#otherClip : this.clip
      const ahead = clockError(this.fault, seconds)
      const sent = connection.player?.send(index, clip, pictureFault, ahead)
      if (sent === 'dropped') this.#counts.dropped++
      if (sent === 'cut') {
        this.pause(connection)
        connection.end({ atOnce: false })
      }
      if (sent !== 'sent') continue
      connection.player?.report(now, this.clock.wall() + ahead * 1_000)
      this.#counts.pictures++
      shown = true
    }
    if (!shown) return
    const frameNumber = (index + pictureAt(this.clip, index).shownLater) % this.clip.pictures.length
    for (const listener of this.pictureListeners) listener(frameNumber, now)
  }

  /** Disconnects every client, because its SDP does not announce the new codec. */
  #changeCodec (changed: boolean): void {
    this.#codecChanged = changed
    for (const connection of [...this.#players.keys()]) this.pause(connection)
    this.#availability.disconnectAll({ atOnce: false })
  }
}
