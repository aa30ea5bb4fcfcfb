import { execFile } from 'node:child_process'
import { ffmpegEnvironment } from '../processes/environment.js'
import { inputArguments } from './arguments.js'

/** A driver that does not answer for so long (milliseconds) is left alone. */
const TIME_LIMIT = 5_000
/** Bytes of a listing that are read. */
const MOST = 64 * 1024

/** What ffmpeg says of a device, whether it can list its formats or cannot open it. Rejects with what kept ffmpeg from being run; `signal` ends it. */
export const listFormats = (ffmpegPath: string, device: string, signal?: AbortSignal): Promise<string> => new Promise((resolve, reject) => {
  const args = ['-hide_banner', '-loglevel', 'info', ...inputArguments(device, ['-f', 'v4l2', '-list_formats', 'all'])]
  execFile(ffmpegPath, args, { env: ffmpegEnvironment(), timeout: TIME_LIMIT, killSignal: 'SIGKILL', maxBuffer: MOST, ...signal && { signal } }, (error, _stdout, stderr) => {
    if (error?.killed) resolve(`${device}: Device or resource busy`) // it holds on to whoever asks it
    else if (typeof error?.code === 'string' && error.code !== 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') reject(error)
    else resolve(stderr)
  }).stdin?.end()
})
