import type { Logger } from 'pino'
import { quotable } from '../text/redact.js'

/** Logs a bug in camgate. Logs only the stack, because the error's other properties may hold a URL with a password. */
export function logDefect (log: Pick<Logger, 'error'>, title: string, line: object, { stack, message }: Error): void {
  const lines = (stack ?? message).split('\n').map(line => quotable(line))
  log.error({ ...line, stack: lines.join('\n  ') }, `${title}: a mistake in camgate. Please report it with this line.`)
}
