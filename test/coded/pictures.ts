import type { CodedVideo } from '../../src/codec/coded-picture.js'
import type { Track } from '../../src/codec/track.js'
import type { PublishedPicture } from '../../src/coded/published-picture.js'

export const track: Track = { codec: 'h264', clockRate: 90_000, parameterSets: [], format: undefined }

const bytes = Buffer.alloc(100)

/** A picture of H.264; by default, not a key picture. */
export const coded = (picture: Partial<CodedVideo> = {}): CodedVideo =>
  ({ codec: 'h264', at: 0, rtpTime: undefined, key: false, damaged: false, bytes, ...picture })

/** The same as a hub publishes it; by default, 25 a second. */
export const published = (seq: number, picture: Partial<CodedVideo> = {}): PublishedPicture =>
  ({ ...coded({ at: seq * 40, ...picture }), seq, live: true })
