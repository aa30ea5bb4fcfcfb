import type { Socket } from 'node:net'
import type { Clock } from '../clock.js'
import type { Credentials } from '../credentials.js'
import type { Clip } from '../clips/clip.js'
import { Connection, type CameraPort, type Noted } from './connection.js'
import { clockError, pictureFaultAfter, type Fault } from '../faults/fault.js'
import { Pacer } from './pacer.js'
import { pictureAt } from './player.js'
import { Availability } from './availability.js'
import type { Quirks } from '../faults/quirk.js'
import { encrypted } from './tls.js'

/** Counts since the start; `connections` and `playing` are those of now. */
export interface CameraStats {
  connections: number
  connectionsTotal: number
  playing: number
  playsTotal: number
  /** Those that were read: a client that hangs up with pictures unread may reset its connection before. */
  teardowns: number
  /** Requests with wrong credentials. */
  rejections: number
  /** OPTIONS, GET_PARAMETER and SET_PARAMETER in a session, however they were answered. */
  keepAlives: number
  /** RTCP receiver reports that came. */
  receiverReports: number
  /** Pictures sent, and pictures lost because a client's socket was full, all clients together. */
  pictures: number
  dropped: number
}

/** `frameNumber` within the clip; `atMs` is the clock's `now()` just before the first client's first packet. */
export type PictureListener = (frameNumber: number, atMs: number) => void

export interface CameraOptions {
  id: string
  title: string
  auth: 'none' | 'basic' | 'digest'
  credentials: Credentials
  host: string
  port: number
  clip: Clip
  clock: Clock
  quirks: Quirks
  tls: boolean
}

/** One simulated camera: what its clients see, all of them the same picture at the same time. */
export class SimulatedCameraServer implements CameraPort {
  readonly id: string
  readonly title: string
  readonly auth: CameraOptions['auth']
  readonly credentials: Credentials
  readonly pictureListeners = new Set<PictureListener>()
  fault: Fault | null = null
  readonly clock: Clock
  readonly quirks: Quirks
  readonly tls: boolean
  readonly #presence: Availability
  readonly #pacer: Pacer
  readonly #ownClip: Clip
  readonly #players = new Map<Connection, number>() // since when each one plays
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
    const wire = tls ? encrypted(new Date(clock.wall())) : (socket: Socket) => socket
    this.#presence = new Availability(host, port, clock, socket => {
      this.#counts.connectionsTotal++
      return new Connection(wire(socket), this)
    })
    this.#pacer = new Pacer(clip.track.fps, clock, index => this.#show(index))
  }

  get port (): number {
    return this.#presence.port
  }

  get stats (): CameraStats {
    return { ...this.#counts, connections: this.#presence.visitors, playing: this.#players.size }
  }

  /** What it offers to those who ask. */
  get clip (): Clip {
    return this.#codecChanged && this.#otherClip ? this.#otherClip : this.#ownClip
  }

  /** Takes its port. Throws PORT_BUSY. */
  async open (): Promise<void> {
    await this.#presence.open()
  }

  /** Resolves when the fault shows. `other` is what a `resize` or `codec` turns to; it has as many pictures as the clip. */
  async setFault (fault: Fault | null, other: Clip | null): Promise<void> {
    if (this.#presence.closed) return
    if (this.#codecChanged) this.#changeCodec(false)
    this.fault = fault
    this.#otherClip = other
    this.#faultSince = this.clock.now()
    switch (fault?.kind) {
      case 'refuse': return await this.#presence.leave()
      case 'away': return await this.#presence.comeAndGo(fault)
      default: await this.#presence.stay()
    }
  }

  async close (): Promise<void> {
    await this.#presence.close()
  }

  play (connection: Connection): void {
    if (!this.#players.has(connection)) this.#players.set(connection, this.clock.now())
    this.#counts.playsTotal++
    if (!this.#pacer.running) this.#pacer.start(this.#nextKey() + (this.quirks.has('no-key-first') ? 1 : 0))
  }

  pause (connection: Connection): void {
    this.#players.delete(connection)
    if (this.#players.size === 0) this.#pacer.stop()
  }

  note (what: Noted): void {
    this.#counts[what]++
  }

  /** Whoever plays first need not wait for a key picture. */
  #nextKey (): number {
    let index = this.#pacer.index
    while (!pictureAt(this.clip, index).key) index++
    return index
  }

  #show (index: number): void {
    const now = this.clock.now()
    let shown = false
    for (const [connection, since] of this.#players) {
      const seconds = (now - Math.max(since, this.#faultSince)) / 1_000
      const spoiling = pictureFaultAfter(this.fault, seconds, index)
      if (spoiling === 'codec' && !this.#codecChanged) return this.#changeCodec(true)
      const clip = spoiling === 'resize' && this.#otherClip ? this.#otherClip : this.clip
      const ahead = clockError(this.fault, seconds)
      const sent = connection.player?.send(index, clip, spoiling, ahead)
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
    if (shown) for (const listener of this.pictureListeners) listener((index + pictureAt(this.clip, index).shownLater) % this.clip.pictures.length, now)
  }

  /** Nobody goes on with what the SDP did not announce: all have to ask anew. */
  #changeCodec (changed: boolean): void {
    this.#codecChanged = changed
    for (const connection of [...this.#players.keys()]) this.pause(connection)
    this.#presence.hangUp({ atOnce: false })
  }
}
