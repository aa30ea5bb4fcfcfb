import { outageOf, type State } from './state.js'

/** The text that viewers see instead of a picture. */
export interface Notice {
  readonly text: string
  /** The clock's time, in milliseconds. */
  readonly since: number
}

/** Undefined while the camera runs. It stays the same through the attempts of one outage. */
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
