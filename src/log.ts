import { pino, type Logger } from 'pino'
import pretty from 'pino-pretty'

/** What nobody takes, because the disk is full or the reader of our pipe sleeps, is kept up to so many characters and written later. */
const KEPT = 1024 * 1024

/** The level that LOG_LEVEL asks for, or `info` and what is wrong with it. */
export function levelOf (written?: string): { level: string, problem?: string } {
  const levels = [...Object.keys(pino.levels.values), 'silent']
  const level = written?.trim().toLowerCase() ?? 'info'
  if (levels.includes(level)) return { level }
  const problem = level === '' ? 'LOG_LEVEL is set, but empty' : `LOG_LEVEL is ${JSON.stringify(written?.slice(0, 40))}, which is no level`
  return { level: 'info', problem: `${problem}, so camgate logs at info. Leave it out, or choose one of ${levels.join(', ')}.` }
}

/**
 * The process's log on stdout: for people on a terminal, JSON lines otherwise. LOG_LEVEL is one of pino's, `info` by default.
 * Written synchronously: a line that says why the process ends must not be lost with it.
 */
export function createLog (env: NodeJS.ProcessEnv = process.env): Logger {
  const { level, problem } = levelOf(env.LOG_LEVEL)
  const options = { level, base: null }
  const json = pino.destination({ dest: 1, sync: true, maxLength: KEPT, retryEAGAIN: () => false })
  json.on('error', () => {}) // the log must neither end nor hold up what shows the cameras
  const log = process.stdout.isTTY
    ? pino(options, pretty({ sync: true, translateTime: 'SYS:HH:MM:ss', ignore: 'camera,from,to,why,source', messageFormat: withSource }))
    : pino(options, json)
  if (problem) log.warn(problem)
  return log
}

/** People on a terminal see what a camera is asked at, which is a field of its own in JSON. */
export const withSource = ({ msg, source }: Record<string, unknown>): string => `${msg}${typeof source === 'string' ? ` (${source})` : ''}`
