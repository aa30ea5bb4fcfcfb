import type { Clock } from '../clock.js'
import type { LiveCamera } from '../config/registry.js'

/** A decoder hangs if it outputs nothing for this long while it is fed. */
const DECODER_TIMEOUT_MS = 5_000

export interface HardwareMemory {
  /** The hardware decoder that made no picture from the camera's stream. */
  failedDecoder: string | undefined
}

/**
 * One attempt to decode a camera's pictures. A decoder that works in a trial may still fail on a camera's stream. If a hardware attempt ends before
 * its first picture and the camera is not at fault, the camera's next attempts decode in software, until that shows nothing either.
 */
export class HardwareTrial {
  readonly #memory: HardwareMemory
  readonly #clock: Clock
  readonly #begun: number
  #isJudged: boolean
  /** Why this attempt decodes in software; undefined if it does not, or is meant to. */
  readonly note: string | undefined

  constructor (camera: LiveCamera, memory: HardwareMemory, clock: Clock) {
    this.#memory = memory
    this.#clock = clock
    this.#begun = clock.now()
    this.#isJudged = (camera.hwaccel ?? 'none') === 'none'
    this.note = this.#isJudged || !memory.failedDecoder ? undefined : `${camera.name} is decoded in software, because ${memory.failedDecoder} made no picture from what it sends.`
  }

  /** Returns the camera's configuration with the decoder that this attempt has to use. */
  decodedBy<Of extends LiveCamera>(camera: Of): Of { return this.note ? { ...camera, hwaccel: 'none' } : camera }

  /** Call it for each picture. */
  succeed (): void { this.#isJudged = true }

  /** Call it when the attempt is stopped. `isFed`: the decoder was given something to decode. */
  stop (decoder: string | undefined, isFed: () => boolean): void {
    this.end(decoder, () => this.#clock.now() - this.#begun > DECODER_TIMEOUT_MS && isFed())
  }

  /** Call it when the attempt ends. `decoder` is undefined if there was none yet. */
  end (decoder: string | undefined, isAtFault: () => boolean): void {
    if (this.#isJudged) return
    this.#isJudged = true
    if (!decoder || !isAtFault()) return
    if (this.note) this.#memory.failedDecoder = undefined
    else if (decoder !== 'software') this.#memory.failedDecoder = decoder
  }
}
