import { EventEmitter } from 'node:events'
import type { PictureFormat } from '../codec/coded-picture.js'
import type { CodedHub } from '../coded/coded-hub.js'
import type { LiveCamera } from '../config/registry.js'
import type { Failure } from '../failure/failure.js'
import { unreadable } from '../failure/sentences.js'
import { failureSoFar, ffmpegFailure } from '../ffmpeg/failure.js'
import type { FfmpegExit } from '../ffmpeg/process.js'
import type { JpegPicture } from '../jpeg/picture.js'
import { RECOVERED_AFTER_MS } from '../lifecycle/backoff.js'
import { Lifecycle, STALL_TIMEOUT_MS, type LifecycleParts } from '../lifecycle/lifecycle.js'
import { isAlive, type State } from '../lifecycle/state.js'
import { HardwareTrial, type HardwareMemory } from './hardware-trial.js'
import type { DecodedFor, DecoderReport } from './status.js'
import type { NoteLog } from './note-log.js'
import type { Transcode, Transcoding } from '../transcode/transcoder.js'

export interface DecoderParts extends LifecycleParts {
  readonly transcode: Transcode
  readonly noteLog: NoteLog
}

/** Whose pictures a decoder makes, where they go, and who needs them. */
export interface DecoderHost {
  /** As configured now. `renew` puts a change in force. */
  readonly camera: LiveCamera
  readonly memory: HardwareMemory
  /** Its name in the log. */
  readonly title: string
  /** Extra fields for a log line. */
  readonly line: object
  /** Why pictures are needed; null if they are not. */
  readonly neededFor: () => DecodedFor
  /** Returns a function that accepts the pictures of one process. */
  readonly open: (lifecycle: Lifecycle) => (picture: JpegPicture) => void
  /** ffmpeg, decoding in software, has made nothing of the camera's pictures. */
  readonly undecodable: (failure: Failure) => void
}

/** One process, with the format that it is made for: its arguments suppose the depth, and all its JPEGs have the size of the first. */
interface Running {
  readonly transcoding: Transcoding
  readonly trial: HardwareTrial
  format: PictureFormat | undefined
  readonly begun: number
  hadPictures: boolean
  readonly unsubscribe: () => void
}

/**
 * Makes JPEGs of a camera's coded pictures while somebody needs them. It has its own process, state and failure; the camera goes on being read whatever
 * happens here. Emits `change` after each change of its state.
 */
export class Decoder extends EventEmitter<{ change: [] }> {
  readonly #coded: CodedHub
  readonly #host: DecoderHost
  readonly #parts: DecoderParts
  readonly #lifecycle: Lifecycle
  #running: Running | undefined
  #replacedAt = -Infinity
  /** By the processes that are gone. */
  #droppedBefore = 0

  constructor (coded: CodedHub, host: DecoderHost, parts: DecoderParts) {
    super()
    this.#coded = coded
    this.#host = host
    this.#parts = parts
    this.#lifecycle = new Lifecycle({
      get title () { return host.title },
      line: () => host.line,
      get fps () { return host.camera.fps },
      wanted: () => this.#wanted,
      launch: () => this.#launch(),
      end: () => {
        if (this.#running) this.#stop(this.#running)
        else this.#lifecycle.exited(undefined) // it was still waiting to start
      },
      stalled: () => this.#stalled(),
      changed: () => this.emit('change')
    }, 'idle', parts)
    coded.on('format', this.#adapt)
  }

  get state (): State { return this.#lifecycle.shownState }

  /** How often a process was started in place of another, or after one that failed. */
  get restarts (): number { return this.#lifecycle.counts.restarts }
  /** Pictures of the camera that were dropped because ffmpeg was too slow, since this was made. */
  get dropped (): number { return this.#droppedBefore + (this.#running?.transcoding.dropped ?? 0) }

  /** Whether it makes pictures, or is about to without having failed. */
  get isActive (): boolean { return isAlive(this.state) || (this.#lifecycle.state.kind === 'idle' && this.#wanted) }

  /** Call it whenever somebody may have begun or ceased to need pictures, and when the camera begins or ceases to send them. */
  update (): void {
    this.#lifecycle.ask(this.#wanted ? 'watched' : 'unwatched')
  }

  /** Begins to stop its process, and starts none any more. */
  close (): void {
    this.#coded.off('format', this.#adapt)
    this.#lifecycle.ask('stop')
  }

  /** The camera's configuration has changed: replaces the process, if there is one. */
  renew (): void { this.#lifecycle.ask('renew') }

  /** A person wants another try: the wait after a failure is over. */
  retry (): void { this.#lifecycle.ask('start') }

  /** Resolves once no process is being stopped. */
  settled (): Promise<void> { return this.#lifecycle.settled() }

  report (): DecoderReport {
    const transcoding = this.#running?.transcoding
    const decoding = transcoding?.report()
    const note = this.#running?.trial.note
    return {
      state: this.#lifecycle.state,
      for: this.#host.neededFor(),
      decoding: decoding && note ? { ...decoding, notes: [...decoding.notes, note] } : decoding,
      overload: transcoding?.overload
    }
  }

  /** The depth decides how a process decodes, so none starts before that is known, or a picture has come. */
  get #wanted (): boolean {
    const { track, format, hasPictures } = this.#coded
    return track !== undefined && (format !== undefined || hasPictures) && this.#host.neededFor() !== null
  }

  #launch (): void {
    const { track, format } = this.#coded
    const { clock, noteLog, transcode } = this.#parts
    const { camera, memory } = this.#host
    const trial = new HardwareTrial(camera, memory, clock)
    const logNotes = noteLog(() => this.report().decoding?.notes)
    const show = this.#host.open(this.#lifecycle)
    const transcoding = transcode(trial.decodedBy(camera), { codec: track!.codec, format }, {
      onPicture (picture) {
        running.hadPictures = true
        trial.succeed()
        logNotes()
        show(picture)
      },
      onBroken: error => this.#lifecycle.broken(unreadable(error)),
      onExit: exit => this.#exited(exit, running)
    })
    const subscriber = this.#coded.subscribe({
      write (picture, done) {
        transcoding.offer(picture)
        done()
      },
      end () {}
    })
    const running: Running = this.#running = { transcoding, trial, format, begun: clock.now(), hadPictures: false, unsubscribe: () => subscriber.end() }
  }

  #stop ({ transcoding, trial, unsubscribe }: Running): void {
    trial.stop(transcoding.report()?.decoder, () => transcoding.isFed)
    unsubscribe()
    transcoding.stop()
  }

  #exited (exit: FfmpegExit, { transcoding, trial, hadPictures, unsubscribe }: Running): void {
    const failure = ffmpegFailure(exit, hadPictures)
    trial.end(transcoding.report()?.decoder, () => failure.decoderFault === true)
    unsubscribe()
    this.#running = undefined
    this.#droppedBefore += transcoding.dropped
    this.#lifecycle.exited(failure)
  }

  /** Nothing is due until the decoder has been given something. */
  #stalled (): Failure | undefined {
    if (!this.#running?.transcoding.isFed) return undefined
    const { transcoding, hadPictures, begun } = this.#running
    const isLate = hadPictures || this.#parts.clock.now() - begun >= SILENT_START_TIMEOUT_MS
    const failure = failureSoFar(transcoding.stderr) ?? (isLate ? transcoding.overload ? TOO_SLOW : NO_PICTURES : undefined)
    if (failure?.notUnderstood && !hadPictures && transcoding.report()?.decoder === 'software') this.#host.undecodable(failure)
    return failure
  }

  /** Another format in mid-stream needs another process. Before its first picture, a process can take any size. */
  readonly #adapt = (): void => {
    const { format } = this.#coded
    const running = this.#running
    if (!running || !format || !this.#lifecycle.alive) return this.update()
    const { depth, width, height } = running.format ?? {}
    const hasBegun = running.hadPictures || running.transcoding.isFed
    if (format.depth === depth && (!hasBegun || (format.width === width && format.height === height))) running.format = format
    else if (!hasBegun) this.#lifecycle.ask('restart')
    else this.#replace()
  }

  /** At once, unless the camera keeps changing its pictures: each change costs a process. */
  #replace (): void {
    const now = this.#parts.clock.now()
    if (now - this.#replacedAt < RECOVERED_AFTER_MS) this.#lifecycle.broken(CHANGES)
    else this.#lifecycle.ask('restart')
    this.#replacedAt = now
  }
}

/** Time for an ffmpeg that complains of nothing to show its first picture: when a whole fleet is woken, each start is slow. */
const SILENT_START_TIMEOUT_MS = 2 * STALL_TIMEOUT_MS

const CHANGES: Failure = { code: 'bad-stream', message: 'The camera has changed the size or depth of its pictures twice within 10 seconds.' }
const TOO_SLOW: Failure = {
  code: 'stalled', message: 'ffmpeg made no picture that is fresh enough to be shown. This computer has too much to do: fewer cameras or viewers, or a smaller stream of the camera, will help.'
}
const NO_PICTURES: Failure = { code: 'stalled', message: 'ffmpeg makes no pictures from what the camera sends.' }
