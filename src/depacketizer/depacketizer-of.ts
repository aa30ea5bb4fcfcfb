import type { Depacketizer } from './depacketizer.js'
import { h264Format } from '../codec/h264-format.js'
import { h265Format } from '../codec/h265-format.js'
import { JpegDepacketizer } from './jpeg-depacketizer.js'
import { NalDepacketizer } from './nal-depacketizer.js'
import type { ReceivedTrack } from '../codec/track.js'

export function depacketizerOf (track: ReceivedTrack): Depacketizer {
  switch (track.codec) {
    case 'h264': return new NalDepacketizer(h264Format, track.parameterSets)
    case 'h265': return new NalDepacketizer(h265Format, track.parameterSets)
    case 'mjpeg': return new JpegDepacketizer(track.size)
  }
}
