import type { CodedHub } from '../coded/coded-hub.js'
import type { LiveCamera } from '../config/registry.js'
import type { Failure } from '../failure/failure.js'
import type { Frame } from '../frames/frame.js'
import type { Hub } from '../frames/hub.js'
import type { State } from '../lifecycle/state.js'
import type { DecoderParts } from '../decoder/decoder.js'
import type { HardwareMemory } from '../decoder/hardware-trial.js'
import type { StatusFramesParts } from './status-frames.js'

export type StreamParts = DecoderParts & StatusFramesParts

/** What the streams of a camera need of it. Emits `change` after every change of its states, and when its pictures become coded ones. */
export interface StreamHost {
  /** As configured now. */
  readonly camera: LiveCamera
  readonly memory: HardwareMemory
  /** The state of reading the camera. */
  readonly state: State
  /** The camera's coded pictures. Without a track, its pictures are JPEGs already. */
  readonly coded: CodedHub
  /** The state of its own picture. */
  readonly pictureState: State
  /** Whether its own picture is made of coded pictures, or is about to be. */
  readonly isDecoded: boolean
  /** The frames of its own picture. */
  readonly hub: Hub<Frame>
  /** Somebody begins or ceases to need the pictures of one of its streams. */
  demandChanged (): void
  /** ffmpeg has made nothing of its pictures so far. */
  undecodable (failure: Failure): void
  on (event: 'change', listener: () => void): unknown
  off (event: 'change', listener: () => void): unknown
}
