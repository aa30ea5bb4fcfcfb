import { childrenOf } from '../e2e/processes.js'

/** The ids of the ffmpegs that read a camera for this service: it also has others, which draw or ask for a version. */
export const ffmpegsOf = (pid: number): number[] =>
  childrenOf(pid).filter(({ command }) => command.includes('ffmpeg') && command.includes('concat')).map(({ pid }) => pid)

/** Children that have ended and were not waited for. */
export const zombiesOf = (pid: number): number[] => childrenOf(pid).filter(({ command }) => command === '').map(({ pid }) => pid)
