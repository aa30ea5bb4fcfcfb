import { outageOf, type State } from './state.js'

/** What a camera's viewers are told in the place of a picture. */
export interface Notice {
  readonly text: string
  /** Since when it is so: the clock's milliseconds. */
  readonly since: number
}

/** Undefined while the camera runs. The attempts of one outage are one notice. */
export function noticeOf (state: State): Notice | undefined {
  if (state.kind === 'running') return undefined
  const outage = outageOf(state)
  return outage ? { text: outage.message, since: outage.since } : { text: sentences[state.kind], since: state.since }
}

const sentences: Record<Exclude<State['kind'], 'running'>, string> = {
  stopped: 'Stopped, and stays so until it is started.',
  idle: 'Asleep while nobody watches.',
  starting: 'Waiting for the first picture …',
  waiting: 'Waiting for its next try.',
  stopping: 'Letting go of the camera …'
}
