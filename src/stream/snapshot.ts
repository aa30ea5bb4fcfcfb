import type { Clock } from '../clock.js'
import type { Frame } from '../frames/frame.js'
import type { Stream } from './stream.js'

const FIRST_PICTURE_TIMEOUT_MS = 5_000

/**
 * Resolves with the newest picture, or with undefined if the camera is stopped or waiting, or no picture arrives in time. A snapshot counts as
 * a viewer: it wakes an on-demand camera and starts a rendition, and both keep running while snapshots are requested.
 */
export function snapshot (stream: Stream, clock: Clock): Promise<Frame | undefined> {
  return new Promise(resolve => {
    const finish = (frame?: Frame) => {
      cancel()
      stream.off('change', giveUp)
      subscriber.end()
      resolve(frame)
    }
    const giveUp = () => {
      const { kind } = stream.state
      if (kind === 'stopped' || kind === 'waiting') finish()
    }
    const cancel = clock.after(FIRST_PICTURE_TIMEOUT_MS, finish)
    const write = (frame: Frame, done: () => void) => {
      if (frame.live) queueMicrotask(() => finish(frame)) // the hub writes to a new sink at once, before `subscriber` is assigned
      else done()
    }
    const subscriber = stream.hub.subscribe({ write, end: () => finish() })
    stream.on('change', giveUp)
    giveUp()
  })
}
