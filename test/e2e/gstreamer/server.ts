import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Test } from 'tap'
import { packageRoot } from '../../../src/package.js'

/** Debian's own, because python3-gi belongs to it, and another may come first in PATH. */
const PYTHON = '/usr/bin/python3'
const SERVER = join(packageRoot, 'test/e2e/gstreamer/server.py')

export type Auth = 'none' | 'basic' | 'digest'

/** False, or why the tests that need GStreamer are skipped. */
export const noGstreamer: string | false = (() => {
  const { status, stderr, error } = spawnSync(PYTHON, [SERVER, 'check'], { encoding: 'utf8' })
  return status !== 0 && `NOT TESTED: GStreamer's RTSP server is missing (${error?.message ?? stderr.trim().split('\n').at(-1)}). ` +
    'Install it: apt-get install gir1.2-gst-rtsp-server-1.0 python3-gi gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-plugins-ugly'
})()

/** Starts an RTSP server that ends with the test; `mpeg4Clip` is an MP4 file that it serves as `/mpeg4`. Returns its address, as in `rtsp://127.0.0.1:8554`. */
export async function startGstreamer (t: Test, auth: Auth, credentials: { username: string, password: string }, mpeg4Clip?: string): Promise<string> {
  const args = auth === 'none' ? [auth] : [auth, credentials.username, credentials.password]
  const server = spawn(PYTHON, [SERVER, ...args], { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...mpeg4Clip && { MPEG4_CLIP: mpeg4Clip } } })
  const gone = once(server, 'close')
  t.teardown(async () => {
    server.kill()
    await gone
  })
  const [line] = await Promise.race([once(createInterface(server.stdout), 'line'), gone.then(() => { throw new Error('GStreamer\'s server has ended') })])
  return `rtsp://127.0.0.1:${JSON.parse(line).port}`
}
