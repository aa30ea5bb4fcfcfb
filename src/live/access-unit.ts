import { h264Format } from '../codec/h264-format.js'
import { h265Format } from '../codec/h265-format.js'
import type { CodedVideo } from '../codec/coded-picture.js'

/** A browser's decoder needs no delimiter to know that the picture is complete. A view of the same bytes. */
export function withoutDelimiter ({ codec, bytes }: Pick<CodedVideo, 'codec' | 'bytes'>): Buffer {
  const { delimiter } = codec === 'h264' ? h264Format : h265Format
  const end = bytes.length - delimiter.length
  return end > 0 && bytes.compare(delimiter, 0, delimiter.length, end) === 0 ? bytes.subarray(0, end) : bytes
}
