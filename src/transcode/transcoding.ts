import { hasRefused, type Decoder } from '../ffmpeg/decoder.js'
import { hasOverlay } from '../ffmpeg/picture.js'
import type { Ffmpeg } from '../ffmpeg/install.js'
import type { LiveCamera } from '../config/registry.js'

/** What makes JPEGs of a camera's pictures, and what of its wishes cannot be had. */
export interface TranscodingReport {
  /** What decodes them: `software`, or one of the names of `hwaccel`. */
  readonly decoder: string
  /** What is otherwise than configured, and why: sentences. */
  readonly notes: readonly string[]
}

/** How one ffmpeg makes JPEGs of what a camera sends. */
export class Transcoding {
  readonly #camera: LiveCamera
  readonly #drawsText: boolean
  #decoder: Decoder

  private constructor (camera: LiveCamera, { dialect }: Ffmpeg, decoder: Decoder) {
    this.#camera = camera
    this.#drawsText = dialect.drawsText
    this.#decoder = decoder
  }

  /** `codec` is what the camera sends, as far as that is known. */
  static async choose (camera: LiveCamera, codec: string | undefined, ffmpeg: Ffmpeg): Promise<Transcoding> {
    return new Transcoding(camera, ffmpeg, await ffmpeg.decoders.choose(camera.hwaccel, codec))
  }

  /** Whether ffmpeg decodes by itself. */
  get software (): boolean { return this.#decoder.name === 'software' }

  /** What stands in front of the input's other arguments. */
  get inputArguments (): readonly string[] { return this.#decoder.args }

  /** `stderr` is what ffmpeg has said so far; what it said once counts. */
  report (stderr: readonly string[]): TranscodingReport {
    const chosen = this.#decoder
    if (chosen.name !== 'software' && hasRefused(stderr)) {
      this.#decoder = { ...chosen, name: 'software', note: `${this.#camera.name} is decoded in software, because ${chosen.name} does not take what it sends.` }
    }
    const { name, note } = this.#decoder
    const wordless = hasOverlay(this.#camera) && !this.#drawsText
    return { decoder: name, notes: [...note ? [note] : [], ...wordless ? ['Overlays are left out, because this ffmpeg is built without drawtext.'] : []] }
  }
}
