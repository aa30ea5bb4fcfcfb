import type { PictureFormat } from '../codec/coded-picture.js'
import { h264CodecString, h265CodecString } from './codec-string.js'
import type { LiveConfig } from './live-picture.js'

/** What a config is made of. */
interface VideoFacts {
  readonly codec: LiveConfig['kind']
  readonly sps: Buffer | undefined
  readonly format: PictureFormat | undefined
  readonly reorders: boolean
}

/** Numbers the configs of a camera's video. */
export class LiveConfigs {
  #epoch = 0
  #newest: LiveConfig | undefined

  /** The same object while nothing has changed; undefined if there is no format or no sequence parameter set. */
  of ({ codec, sps, format, reorders }: VideoFacts): LiveConfig | undefined {
    const string = sps && (codec === 'h264' ? h264CodecString(sps) : h265CodecString(sps))
    if (!format || string === undefined) return undefined
    const { width, height } = format
    const before = this.#newest
    if (before?.codec === string && before.width === width && before.height === height && before.reorders === reorders) return before
    this.#newest = { epoch: ++this.#epoch, kind: codec, codec: string, width, height, reorders }
    return this.#newest
  }

  /** The next config has a new epoch. */
  reset (): void {
    this.#newest = undefined
  }
}
