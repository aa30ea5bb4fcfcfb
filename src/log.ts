import { pino, type Logger } from 'pino'
import pretty from 'pino-pretty'

/** What nobody takes, because the disk is full or the reader of our pipe sleeps, is kept up to so many characters and written later. */
const KEPT = 1024 * 1024

/**
 * The process's log on stdout: for people on a terminal, JSON lines otherwise. LOG_LEVEL is one of pino's, `info` by default.
 * Written synchronously: a line that says why the process ends must not be lost with it.
 */
export function createLog (env: NodeJS.ProcessEnv = process.env): Logger {
  const wished = env.LOG_LEVEL?.toLowerCase() ?? 'info'
  const level = wished === 'silent' || wished in pino.levels.values ? wished : 'info'
  const options = { level, base: null }
  const json = pino.destination({ dest: 1, sync: true, maxLength: KEPT, retryEAGAIN: () => false })
  json.on('error', () => {}) // the log must neither end nor hold up what shows the cameras
  const log = process.stdout.isTTY
    ? pino(options, pretty({ sync: true, translateTime: 'SYS:HH:MM:ss', ignore: 'camera,from,to,why,source' }))
    : pino(options, json)
  if (level !== wished) log.warn(`LOG_LEVEL=${env.LOG_LEVEL} is not a level; it is one of ${Object.keys(pino.levels.values).join(', ')}, silent`)
  return log
}
