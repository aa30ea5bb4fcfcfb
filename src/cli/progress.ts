import { systemClock, type Clock } from '../clock.js'
import type { Io } from './command.js'

/** Work that is done sooner shows no line. */
const PROGRESS_DELAY_MS = 1_000
/** Returns to the start of the line and erases it. */
const ERASE_LINE = '\r\u001B[K'

/**
 * Runs work that may take longer than a second, and then shows on a terminal what it is doing; `say` changes the line, which is gone when the work ends.
 * The line is on stderr, so that stdout has the answer alone.
 */
export async function withProgress<T> (
  { stderr }: Pick<Io, 'stderr'>, doing: string, work: (say: (doing: string) => void) => Promise<T>, clock: Clock = systemClock
): Promise<T> {
  if (!stderr.isTTY) return await work(() => {})
  let line = doing
  let shown = false
  const show = () => {
    shown = true
    const { columns = 80 } = stderr
    stderr.write(`${ERASE_LINE}${`${line} …`.slice(0, columns - 1)}`)
  }
  const cancel = clock.after(PROGRESS_DELAY_MS, show)
  try {
    return await work(next => {
      line = next
      if (shown) show()
    })
  } finally {
    cancel()
    if (shown) stderr.write(ERASE_LINE)
  }
}
