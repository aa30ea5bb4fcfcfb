import type { CodedPicture } from '../codec/coded-picture.js'
import { directInput, inputArguments } from '../ffmpeg/arguments.js'
import type { FfmpegInstall } from '../ffmpeg/install.js'
import { runOnce } from '../ffmpeg/once.js'

const DECODING_TIMEOUT_MS = 10_000

/** A coded picture as a JPEG: as it is, or decoded by ffmpeg. @throws as `runOnce` does, or `ENOENT` if there is no ffmpeg */
export async function jpegOf ({ codec, bytes }: CodedPicture, install: FfmpegInstall, signal: AbortSignal): Promise<Buffer> {
  if (codec === 'mjpeg') return bytes
  const { path } = await install.locate()
  const args = ['-hide_banner', '-nostats', '-loglevel', 'error', ...inputArguments('pipe:0', directInput(codec)), '-frames:v', '1', '-q:v', '2', '-f', 'mjpeg', 'pipe:1']
  return await runOnce(path, args, { stdin: bytes, script: '', timeoutMs: DECODING_TIMEOUT_MS, signal })
}
