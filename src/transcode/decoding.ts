import { hasRefused, type ChosenDecoder } from '../ffmpeg/decoder.js'
import { hasOverlay } from '../ffmpeg/picture-settings.js'
import type { Ffmpeg } from '../ffmpeg/install.js'
import type { LiveCamera } from '../config/registry.js'

/** What decodes a camera's pictures, and which of its settings cannot be met. */
export interface DecodingReport {
  /** The decoder: `software`, or one of the names of `hwaccel`. */
  readonly decoder: string
  /** Sentences: what differs from the configuration, and why. */
  readonly notes: readonly string[]
}

/** How one ffmpeg decodes a camera's pictures, and what it leaves out. */
export class Decoding {
  readonly #camera: LiveCamera
  readonly #drawsText: boolean
  #decoder: ChosenDecoder

  private constructor (camera: LiveCamera, { dialect }: Ffmpeg, decoder: ChosenDecoder) {
    this.#camera = camera
    this.#drawsText = dialect.drawsText
    this.#decoder = decoder
  }

  /** `codec` is undefined while it is unknown. */
  static async choose (camera: LiveCamera, codec: string | undefined, ffmpeg: Ffmpeg): Promise<Decoding> {
    return new Decoding(camera, ffmpeg, await ffmpeg.decoders.choose(camera.hwaccel, codec))
  }

  /** Whether ffmpeg decodes in software. */
  get software (): boolean { return this.#decoder.name === 'software' }

  /** The arguments in front of the input's other arguments. */
  get inputArguments (): readonly string[] { return this.#decoder.args }

  /** `stderr` is ffmpeg's messages so far. A refusal by the hardware counts from then on. */
  report (stderr: readonly string[]): DecodingReport {
    const chosen = this.#decoder
    if (chosen.name !== 'software' && hasRefused(stderr)) {
      this.#decoder = { ...chosen, name: 'software', note: `${this.#camera.name} is decoded in software, because ${chosen.name} does not take what it sends.` }
    }
    const { name, note } = this.#decoder
    const lacksOverlay = hasOverlay(this.#camera) && !this.#drawsText
    return { decoder: name, notes: [...note ? [note] : [], ...lacksOverlay ? ['Overlays are left out, because this ffmpeg is built without drawtext.'] : []] }
  }
}
