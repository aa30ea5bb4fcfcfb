import { noticeOf, type Notice } from '../lifecycle/notice.js'
import type { State } from '../lifecycle/state.js'
import type { Original } from './original.js'

/** A wait that is shorter needs no reason. */
const MIN_KEY_INTERVAL_MS = 3_000

/** What viewers of one of a camera's streams see instead of a picture. A decoder can begin only at a key picture, which may be a long time off. */
export function noticeFor (state: State, { coded }: Original): Notice | undefined {
  const notice = noticeOf(state)
  const seconds = state.kind === 'starting' && state.outage === null ? secondsToWait(coded) : undefined
  return notice && seconds !== undefined ? { ...notice, text: `Waiting for the camera's next key picture, which comes every ${seconds} seconds …` } : notice
}

function secondsToWait (coded: Original['coded']): number | undefined {
  const { keyIntervalMs, group } = coded.report()
  return coded.track && !group && keyIntervalMs !== undefined && keyIntervalMs >= MIN_KEY_INTERVAL_MS ? Math.round(keyIntervalMs / 1_000) : undefined
}
