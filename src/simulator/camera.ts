import type { Socket } from 'node:net'
import type { Clock } from '../clock.js'
import type { Credentials } from '../rtsp/digest.js'
import type { Clip } from './clip.js'
import { Connection, type Door } from './connection.js'
import { spoilingAfter, type Fault } from './fault.js'
import { Listener } from './listener.js'
import { Pacer } from './pacer.js'
import { pictureAt } from './player.js'

/** Counts since the start; `connections` and `playing` are those of now. */
export interface CameraStats {
  connections: number
  connectionsTotal: number
  playing: number
  playsTotal: number
  /** Those that were read: a client that hangs up with pictures unread may reset its connection before. */
  teardowns: number
  /** Requests with credentials that were answered 401. */
  rejections: number
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
}

const reopenAttempts = 50

/** One simulated camera: its port, its clients, and the pace at which all of them get the same picture. */
export class SimulatedCameraServer implements Door {
  readonly id: string
  readonly title: string
  readonly auth: CameraOptions['auth']
  readonly credentials: Credentials
  readonly clip: Clip
  readonly pictureListeners = new Set<PictureListener>()
  fault: Fault | null = null
  readonly #clock: Clock
  readonly #listener: Listener
  readonly #pacer: Pacer
  readonly #connections = new Map<Connection, Promise<void>>() // and when each one is over
  readonly #players = new Map<Connection, number>() // since when each one plays
  readonly #counts = { connectionsTotal: 0, playsTotal: 0, teardowns: 0, rejections: 0, pictures: 0, dropped: 0 }
  #resized: Clip | null = null
  #faultSince = 0
  #callOff = () => {}
  #turn: Promise<unknown> = Promise.resolve()
  #closed = false

  constructor ({ id, title, auth, credentials, host, port, clip, clock }: CameraOptions) {
    this.id = id
    this.title = title
    this.auth = auth
    this.credentials = credentials
    this.clip = clip
    this.#clock = clock
    this.#listener = new Listener(host, port, clock, socket => this.#serve(socket))
    this.#pacer = new Pacer(clip.track.fps, clock, index => this.#show(index))
  }

  get port (): number {
    return this.#listener.port
  }

  get stats (): CameraStats {
    return { ...this.#counts, connections: this.#connections.size, playing: this.#players.size }
  }

  /** Takes its port. Throws PORT_BUSY. */
  async open (): Promise<void> {
    await this.#inTurn(() => this.#listener.open())
  }

  /** Resolves when the fault shows. `resized` is what a `resize` turns to; it has as many pictures as the clip. */
  async setFault (fault: Fault | null, resized: Clip | null): Promise<void> {
    if (this.#closed) return
    this.#callOff()
    this.fault = fault
    this.#resized = resized
    this.#faultSince = this.#clock.now()
    if (fault?.kind === 'away') this.#goLater(fault)
    await (fault?.kind === 'refuse' ? this.#leave() : this.#comeBack())
  }

  async close (): Promise<void> {
    this.#closed = true
    this.#callOff()
    await this.#leave()
  }

  play (connection: Connection): void {
    if (!this.#players.has(connection)) this.#players.set(connection, this.#clock.now())
    this.#counts.playsTotal++
    if (!this.#pacer.running) this.#pacer.start(this.#nextKey())
  }

  pause (connection: Connection): void {
    this.#players.delete(connection)
    if (this.#players.size === 0) this.#pacer.stop()
  }

  note (what: 'teardowns' | 'rejections'): void {
    this.#counts[what]++
  }

  #serve (socket: Socket): void {
    const connection = new Connection(socket, this)
    this.#counts.connectionsTotal++
    this.#connections.set(connection, connection.serve().then(() => { this.#connections.delete(connection) }))
  }

  /** Whoever plays first need not wait for a key picture. */
  #nextKey (): number {
    let index = this.#pacer.index
    while (!pictureAt(this.clip, index).key) index++
    return index
  }

  #show (index: number): void {
    const now = this.#clock.now()
    let shown = false
    for (const [connection, since] of this.#players) {
      const spoiling = spoilingAfter(this.fault, (now - Math.max(since, this.#faultSince)) / 1_000)
      const clip = spoiling === 'resize' && this.#resized ? this.#resized : this.clip
      const sent = connection.player?.send(index, clip, spoiling)
      if (sent === 'dropped') this.#counts.dropped++
      if (sent === 'cut') {
        this.pause(connection)
        connection.end({ atOnce: false })
      }
      if (sent !== 'sent') continue
      this.#counts.pictures++
      shown = true
    }
    if (shown) for (const listener of this.pictureListeners) listener(index % this.clip.pictures.length, now)
  }

  #goLater (fault: Extract<Fault, { kind: 'away' }>): void {
    this.#callOff = this.#clock.after(fault.up * 1_000, () => {
      void this.#leave()
      this.#callOff = this.#clock.after(fault.down * 1_000, () => {
        this.#goLater(fault)
        this.#comeBack().catch(() => {}) // a port that stays taken means away for longer
      })
    })
  }

  #comeBack (): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#closed) await this.#listener.open(reopenAttempts)
    })
  }

  #leave (): Promise<void> {
    return this.#inTurn(async () => {
      const closed = this.#listener.close()
      for (const connection of this.#connections.keys()) connection.end({ atOnce: true })
      await Promise.all([closed, ...this.#connections.values()])
    })
  }

  /** The port opens and closes in the order asked for. */
  async #inTurn (step: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(step)
    this.#turn = done.catch(() => {})
    await done
  }
}
