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
  const often = state.kind === 'starting' && state.outage === null ? howOften(coded) : undefined
  return notice && often ? { ...notice, text: `Waiting for the camera's next key picture, which ${often} …` } : notice
}

function howOften (coded: CodedHub): string | undefined {
  const { keyIntervalMs, group, groupExceeded } = coded.report()
  if (!coded.track || group) return undefined
  if (keyIntervalMs === undefined) return groupExceeded && 'it seldom sends'
  if (keyIntervalMs < MIN_KEY_INTERVAL_MS) return undefined
  const seconds = Math.round(keyIntervalMs / 1_000)
  return `comes about every ${seconds < 2 * ROUNDED_S ? seconds : ROUNDED_S * Math.ceil(seconds / ROUNDED_S)} seconds`
}
