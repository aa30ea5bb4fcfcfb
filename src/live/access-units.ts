import { splitNalUnits } from '../codec/annex-b.js'
import type { CodedVideo } from '../codec/coded-picture.js'
import { h264Format } from '../codec/h264-format.js'
import { h264NalType, h264NalTypes } from '../codec/h264.js'
import { h265Format } from '../codec/h265-format.js'
import { lowDelaySps } from '../codec/order/low-delay-sps.js'
import { firstSlice } from '../codec/order/sps-in-use.js'

const startCode = Buffer.from([0, 0, 0, 1])

/** The bytes of a camera's pictures as browsers get them: views of them, except for key pictures whose sequence parameter sets are rewritten. */
export class AccessUnits {
  /** The last rewritten sets, as they were and as they are: a camera sends the same ones again and again. */
  #rewritten: ReadonlyArray<readonly [Buffer, Buffer]> = []

  of (picture: CodedVideo, rewritesSps: boolean): Buffer {
    const bytes = withoutDelimiter(picture)
    return rewritesSps && picture.key && picture.codec === 'h264' ? this.#rewrite(picture, bytes) : bytes
  }

  #rewrite (picture: CodedVideo, bytes: Buffer): Buffer {
    const slices = firstSlice({ ...picture, bytes })
    const nals = splitNalUnits(bytes.subarray(0, bytes.length - slices.length))
    const spss = nals.filter(nal => h264NalType(nal) === h264NalTypes.sps)
    if (!spss.every((sps, at) => this.#rewritten[at]?.[0].equals(sps))) {
      this.#rewritten = spss.map(sps => [Buffer.from(sps), lowDelaySps(sps) ?? Buffer.from(sps)])
    }
    if (this.#rewritten.every(([before, after]) => before.equals(after))) return bytes
    const written = nals.map(nal => this.#rewritten[spss.indexOf(nal)]?.[1] ?? nal)
    return Buffer.concat([...written, slices].flatMap(nal => [startCode, nal]))
  }
}

function withoutDelimiter ({ codec, bytes }: CodedVideo): Buffer {
  const { delimiter } = codec === 'h264' ? h264Format : h265Format
  const end = bytes.length - delimiter.length
  return end > 0 && bytes.compare(delimiter, 0, delimiter.length, end) === 0 ? bytes.subarray(0, end) : bytes
}
