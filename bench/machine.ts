import { execFileSync } from 'node:child_process'
import { cpus, release, totalmem } from 'node:os'
import { findFfmpeg } from '../src/ffmpeg/binary.js'
import { version } from '../src/package.js'

/** The programs that were measured. */
export function versions (): string {
  const [ffmpeg] = execFileSync(findFfmpeg()!, ['-version'], { encoding: 'utf8' }).split(' Copyright')
  return `camgate ${version}, Node ${process.version}, ${ffmpeg}`
}

/** What they ran on. */
export const machine = (): string => `${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 1024 ** 3)} GiB, ${process.platform} ${release()}`

export const today = (): string => new Date().toISOString().slice(0, 10)
