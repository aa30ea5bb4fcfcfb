import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { outputArguments } from '../src/ffmpeg/arguments.js'
import { findFfmpeg } from '../src/ffmpeg/binary.js'
import { Toolchain } from '../src/ffmpeg/toolchain.js'
import { ffmpegInput } from '../src/sources/kinds.js'

/** The same arguments as camgate's for this camera, and nothing around it. `to` is `/dev/null`, or `pipe:1` with `onData`. */
export async function bareFfmpeg (url: string, to: string, onData?: (chunk: Buffer) => void): Promise<ChildProcess> {
  const { path, dialect } = await new Toolchain().locate()
  const input = ffmpegInput({ source: { type: 'rtsp', url }, transport: 'tcp' }, dialect)
  const output = outputArguments({ fps: 20, quality: 5 }, dialect)
  const child = spawn(path, ['-hide_banner', '-nostats', '-loglevel', 'error', ...input.args, '-i', 'pipe:0', '-y', ...output, to], {
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

/** An ffmpeg that passes a camera's pictures on as they are, to /dev/null. */
export function copyingFfmpeg (url: string): ChildProcess {
  return spawn(findFfmpeg()!, ['-loglevel', 'error', '-rtsp_transport', 'tcp', '-i', url, '-c', 'copy', '-y', '-f', 'mjpeg', '/dev/null'], { stdio: ['ignore', 'ignore', 'inherit'] })
}
