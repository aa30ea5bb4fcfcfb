import type { Clock } from '../clock.js'
import type { Frame } from '../frames/frame.js'
import type { Stream } from './stream.js'

/** What is just starting may take so long (milliseconds) to its first frame. */
const PATIENCE = 5_000

/**
 * The newest frame. It counts as a viewer: an on-demand camera is woken, a rendition is begun, and both go on while they are asked again
 * and again. Resolves with undefined at once when the camera is not to be had, and after a while when no frame comes.
 */
export function snapshot (watchable: Stream, clock: Clock): Promise<Frame | undefined> {
  return new Promise(resolve => {
    const finish = (frame?: Frame) => {
      callOff()
      watchable.off('change', giveUp)
      subscriber.end()
      resolve(frame)
    }
    const giveUp = () => {
      const { kind } = watchable.state
      if (kind === 'stopped' || kind === 'waiting') finish()
    }
    const callOff = clock.after(PATIENCE, finish)
    const write = (frame: Frame, done: () => void) => {
      if (frame.live) queueMicrotask(() => finish(frame)) // a new sink is handed a frame at once, before `subscriber` is there
      else done()
    }
    const subscriber = watchable.hub.subscribe({ write, end: () => finish() })
    watchable.on('change', giveUp)
    giveUp()
  })
}
