import { pino, type Logger } from 'pino'
import pretty from 'pino-pretty'

/** Lines that cannot be written yet, because the disk is full or the pipe's reader is slow, are buffered up to this size. */
const MAX_UNWRITTEN_CHARS = 1024 * 1024

/** Returns LOG_LEVEL's level, or `info` and what is wrong with the value. */
export function levelOf (written?: string): { level: string, problem?: string } {
  const levels = [...Object.keys(pino.levels.values), 'silent']
  const level = written?.trim().toLowerCase() ?? 'info'
  if (levels.includes(level)) return { level }
  const problem = level === '' ? 'LOG_LEVEL is set, but empty' : `LOG_LEVEL is ${JSON.stringify(written?.slice(0, 40))}, which is not a level`
  return { level: 'info', problem: `${problem}, so camgate logs at info. Leave it out, or choose one of ${levels.join(', ')}.` }
}

/**
 * The process's log on stdout: readable on a terminal, JSON lines otherwise and with --json. LOG_LEVEL is one of pino's levels, `info` by default.
 * Writes are synchronous, so that the line with the reason for an exit is not lost.
 */
export function createLog (env: Record<string, string | undefined> = process.env, asJson = false): Logger {
  const { level, problem } = levelOf(env.LOG_LEVEL)
  const options = { level, base: null }
  const json = pino.destination({ dest: 1, sync: true, maxLength: MAX_UNWRITTEN_CHARS, retryEAGAIN: () => false })
  json.on('error', () => {}) // a broken log must neither end the service nor delay it
  const log = process.stdout.isTTY && !asJson
    ? pino(options, pretty({ sync: true, translateTime: 'SYS:HH:MM:ss', ignore: 'camera,from,to,why,source', messageFormat: withSource }))
    : pino(options, json)
  if (problem) log.warn(problem)
  return log
}

/** On a terminal the camera's address follows the message; in JSON it is a field. */
export const withSource = ({ msg, source }: Record<string, unknown>): string => `${msg}${typeof source === 'string' ? ` (${source})` : ''}`
