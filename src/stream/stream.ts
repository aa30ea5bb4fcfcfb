import type { SplitJpeg } from '../jpeg/splitter.js'
import type { Frame } from '../frames/frame.js'
import type { Hub } from '../frames/hub.js'
import type { State } from '../lifecycle/state.js'

/** Pictures that were dropped because a viewer's connection, or ffmpeg, was too slow. */
export interface Dropped { readonly viewer: number, readonly decoder: number }

/** What viewers watch: a camera's own picture, or one of its renditions. */
export interface Stream {
  readonly hub: Hub<Frame>
  readonly state: State
  /** The current status frame's picture; undefined while the camera runs. */
  statusPicture (): Promise<SplitJpeg | undefined>
  /** What a viewer sees last, who may not watch any longer. */
  lastPicture (text: string): Promise<SplitJpeg>
  on (event: 'change', listener: () => void): unknown
  off (event: 'change', listener: () => void): unknown
}
