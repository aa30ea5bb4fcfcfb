import type { SplitJpeg } from '../frames/frame.js'
import type { Hub } from '../frames/hub.js'
import type { State } from './state.js'

/** What viewers watch: a camera's own picture, or one of its renditions. */
export interface Watchable {
  readonly hub: Hub
  readonly state: State
  /** The status frame's picture as things are; undefined while it runs. */
  statusPicture (): Promise<SplitJpeg | undefined>
  on (event: 'change', listener: () => void): unknown
  off (event: 'change', listener: () => void): unknown
}
