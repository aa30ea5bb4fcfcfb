import type { Logger } from 'pino'
import type { Io } from './command.js'
import { reportFailure } from './exit.js'
import { createLog } from './log.js'
import { Shutdown } from './shutdown.js'

/** Runs the start of a command that goes on until a signal ends it. A shutdown that begins meanwhile waits for the start to finish. */
export async function start (io: Io, go: (log: Logger, shutdown: Shutdown) => Promise<void>): Promise<void> {
  const log = createLog(io.env, io.json)
  const shutdown = new Shutdown(log)
  const started = go(log, shutdown).catch((error: unknown) => {
    if (!shutdown.signal.aborted) void shutdown.end(reportFailure(error, io)) // otherwise the shutdown cancelled it
  })
  shutdown.add(() => started)
  await started
}
