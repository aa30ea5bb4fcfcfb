import { firstSliceAt } from '../annex-b.js'
import type { CodedVideo } from '../coded-picture.js'
import { h264Format } from '../h264-format.js'
import { h265Format } from '../h265-format.js'
import type { NalFormat } from '../nal-format.js'
import type { Track } from '../track.js'

const formats: Record<CodedVideo['codec'], NalFormat> = { h264: h264Format, h265: h265Format }

/** A picture's first slice, and all that follows it. Empty if it has none. */
export function firstSlice ({ codec, bytes }: Pick<CodedVideo, 'codec' | 'bytes'>): Buffer {
  const at = firstSliceAt(bytes, formats[codec].isSlice)
  return bytes.subarray(at < 0 ? bytes.length : at)
}

/** The sequence parameter set that a key picture refers to. The first one, if the picture does not say, and of a track. Undefined if there is none. */
export function spsInUse (video: Track | CodedVideo): Buffer | undefined {
  if (video.codec === 'mjpeg') return undefined
  const { codec, parameterSets = [] } = video
  const format = formats[codec]
  const idOf = (nal: Buffer) => format.parameterSetId(nal, format.type(nal))
  const spss = parameterSets.filter(nal => format.type(nal) === format.sps)
  if (spss.length < 2 || !('bytes' in video)) return spss[0]
  const ppsType = format.parameterSets.at(-1)!
  const ppsId = format.slicePpsId(firstSlice(video))
  const pps = parameterSets.find(nal => format.type(nal) === ppsType && idOf(nal) === ppsId)
  const spsId = pps && format.referredId(pps, ppsType)
  return spss.find(nal => idOf(nal) === spsId) ?? spss[0]
}
