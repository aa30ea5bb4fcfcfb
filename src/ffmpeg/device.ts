import { execFile } from 'node:child_process'
import { ffmpegEnvironment } from '../processes/environment.js'
import { inputArguments } from './arguments.js'

const LISTING_TIMEOUT_MS = 5_000
const MAX_LISTING_BYTES = 64 * 1024

/** Resolves with ffmpeg's output about a device: its formats, or why it cannot be opened. Rejects if ffmpeg cannot be run. `signal` ends it. */
export const listFormats = (ffmpegPath: string, device: string, signal?: AbortSignal): Promise<string> => new Promise((resolve, reject) => {
  const args = ['-hide_banner', '-loglevel', 'info', ...inputArguments(device, ['-f', 'v4l2', '-list_formats', 'all'])]
  execFile(ffmpegPath, args, { env: ffmpegEnvironment(), timeout: LISTING_TIMEOUT_MS, killSignal: 'SIGKILL', maxBuffer: MAX_LISTING_BYTES, ...signal && { signal } }, (error, _stdout, stderr) => {
    if (error?.killed) resolve(`${device}: Device or resource busy`) // the driver does not answer
    else if (typeof error?.code === 'string' && error.code !== 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') reject(error)
    else resolve(stderr)
  }).stdin?.end()
})
