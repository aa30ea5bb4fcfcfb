import { childrenOf, readersOf } from '../e2e/processes.js'

export const ffmpegsOf = (pid: number): number[] => readersOf(pid).map(({ pid }) => pid)

/** Children that have ended and were not reaped. */
export const zombiesOf = (pid: number): number[] => childrenOf(pid).filter(({ command }) => command === '').map(({ pid }) => pid)
