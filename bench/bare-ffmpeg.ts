import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { copyArguments, outputArguments } from '../src/ffmpeg/arguments.js'
import { FfmpegInstall } from '../src/ffmpeg/install.js'
import { rtspInput } from '../src/sources/rtsp.js'

export interface BareRun {
  readonly url: string
  /** Copies the camera's JPEGs, or encodes with only `-q:v`, as most people would. By default it encodes as camgate does. */
  readonly how?: 'copied' | 'plain'
  /** Called with stdout's bytes. Without it, ffmpeg writes to /dev/null. */
  readonly onData?: (chunk: Buffer) => void
}

const plain = ['-map', '0:v:0', '-c:v', 'mjpeg', '-q:v', '5', '-r', '20', '-f', 'mjpeg']

/** ffmpeg alone, with the arguments that camgate gives it for this camera. */
export async function bareFfmpeg ({ url, how, onData }: BareRun): Promise<ChildProcess> {
  const { path, dialect } = await new FfmpegInstall().locate()
  const input = rtspInput({ source: { type: 'rtsp', url }, transport: 'tcp' }, dialect)
  const made = how === 'copied' ? copyArguments : how === 'plain' ? plain : outputArguments({ fps: 20 }, dialect)
  const output = [...made, onData ? 'pipe:1' : '/dev/null']
  const child = spawn(path, ['-hide_banner', '-nostats', '-loglevel', 'error', ...input.args, '-i', 'pipe:0', '-y', ...output], {
    stdio: ['pipe', onData ? 'pipe' : 'ignore', 'inherit']
  })
  child.stdin!.end(input.stdin)
  if (onData) child.stdout!.on('data', onData)
  return child
}

export async function end (child: ChildProcess): Promise<void> {
  child.kill('SIGTERM')
  await once(child, 'exit')
}
