import { join } from 'node:path'
import type { Test } from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { startSimulator } from '../../src/simulator/simulator.js'
import { small } from '../simulator/small.js'
import { readersOf } from './processes.js'
import { startService } from './service.js'
import { until } from './until.js'
import { view } from './viewer.js'

/** Tests a camera whose decoder, this ffmpeg, stands still for 0.7 s: its pictures go on long before the next key picture comes. */
export async function losesOnlyAMoment (t: Test, ffmpegPath: string): Promise<void> {
  const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, cameras: [{ ...small, id: '1', clipSeconds: 10, quirks: ['long-gop'] }] })
  t.teardown(() => simulator.close())
  const config = join(t.testdir({ 'cameras.yaml': JSON.stringify({ cameras: { 1: { source: simulator.url('1') } } }) }), 'cameras.yaml')
  const service = await startService(t, { config, env: { FFMPEG_PATH: ffmpegPath } })
  const viewer = view(t, new URL('camera/1', service.url))
  await until('pictures come', () => viewer.live.length > 5)
  let newest: number | undefined
  t.teardown(simulator.onPicture('1', frameNumber => { newest = frameNumber }))
  await until('a key picture was sent half a second ago, and the next one comes in four and a half', () => newest !== undefined && newest % (5 * small.fps) === 10)
  const [ffmpeg] = readersOf(service.pid)
  process.kill(ffmpeg!.pid, 'SIGSTOP')
  await until('ffmpeg has stood still for 0.7 s', () => newest! % (5 * small.fps) >= 24)
  process.kill(ffmpeg!.pid, 'SIGCONT')
  const before = viewer.live.length
  await until('pictures come again', () => viewer.live.length > before + small.fps, 3_000)
  t.ok(newest! % (5 * small.fps) > 24, `${newest}: before the next key picture`)
  t.equal((await service.status()).cameras[1]!.decoder!.overloaded, null)
}
