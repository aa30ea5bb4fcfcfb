import type { CodedHub } from '../coded/coded-hub.js'
import { noticeOf, type Notice } from '../lifecycle/notice.js'
import type { State } from '../lifecycle/state.js'

/** A wait that is shorter needs no reason. */
const MIN_KEY_INTERVAL_MS = 3_000
/** Longer intervals are rounded up to a multiple of it, so that the sentence is not drawn again each second while a camera stretches its interval. */
const ROUNDED_S = 5

/** What viewers of one of a camera's streams see instead of a picture. A decoder can begin only at a key picture, which may be a long time off. */
export function noticeFor (state: State, coded: CodedHub): Notice | undefined {
  const notice = noticeOf(state)
  const seconds = state.kind === 'starting' && state.outage === null ? secondsToWait(coded) : undefined
  return notice && seconds !== undefined ? { ...notice, text: `Waiting for the camera's next key picture, which comes about every ${seconds} seconds …` } : notice
}

function secondsToWait (coded: CodedHub): number | undefined {
  const { keyIntervalMs, group } = coded.report()
  if (!coded.track || group || keyIntervalMs === undefined || keyIntervalMs < MIN_KEY_INTERVAL_MS) return undefined
  const seconds = Math.round(keyIntervalMs / 1_000)
  return seconds < 2 * ROUNDED_S ? seconds : ROUNDED_S * Math.ceil(seconds / ROUNDED_S)
}
