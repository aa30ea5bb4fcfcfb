import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { copyArguments, outputArguments } from '../src/ffmpeg/arguments.js'
import { Toolchain } from '../src/ffmpeg/toolchain.js'
import { rtspInput } from '../src/sources/rtsp.js'

export interface BareRun {
  readonly url: string
  /** Whether it passes the camera's JPEGs on as they are. */
  readonly copies?: boolean
  /** Given what it writes to stdout; without it, it writes to /dev/null. */
  readonly onData?: (chunk: Buffer) => void
}

/** The same arguments as camgate's for this camera, and nothing around it. */
export async function bareFfmpeg ({ url, copies = false, onData }: BareRun): Promise<ChildProcess> {
  const { path, dialect } = await new Toolchain().locate()
  const input = rtspInput({ source: { type: 'rtsp', url }, transport: 'tcp' }, dialect)
  const output = [...copies ? copyArguments : outputArguments({ fps: 20 }, dialect), onData ? 'pipe:1' : '/dev/null']
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
