import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { packageRoot } from '../../src/package.js'
import { startSimulator } from '../../src/simulator/simulator.js'
import { small } from '../simulator/small.js'
import { withVariables } from '../with-variables.js'
import { Ages } from './ages.js'
import { startService } from './service.js'

/** Tests a camera that sends more than this ffmpeg can decode: fewer pictures are shown, none of them old, and all of them once ffmpeg is fast enough. */
export async function isTooMuchFor (t: Test, ffmpeg: string): Promise<void> {
  const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, cameras: [{ ...small, id: '1', width: 640, height: 360, clipSeconds: 10 }] })
  t.teardown(() => simulator.close())
  const ages = new Ages(t, simulator, '1', 10 * small.fps)
  const mended = t.testdir({ none: {} })
  const variables = { REAL_FFMPEG: ffmpeg, NODE: process.execPath, MENDED: join(mended, 'mended') }
  const standIn = withVariables(mended, join(packageRoot, 'test/e2e/slow-ffmpeg.sh'), variables)
  const yaml = join(mended, 'cameras.yaml')
  writeFileSync(yaml, JSON.stringify({ cameras: { 1: { source: simulator.url('1'), fps: 60, decode: 'always' } } }))
  const service = await startService(t, { config: yaml, env: { FFMPEG_PATH: standIn } })
  const { cameras } = await service.until(({ cameras }) => cameras[1]!.decoder?.overloaded != null, 'it is overloaded')
  const before = cameras[1]!.decoder!.overloaded!.picturesDropped
  await ages.seen(t, service, 2_000) // pictures that waited for a process to start
  const seen = await ages.seen(t, service, 3_000)
  t.ok(seen.length > 0, `${seen.length} pictures`)
  t.ok(Math.max(...seen) < 2_000, // a key picture comes every second, and other work slows this machine down at times
     `at most ${Math.max(...seen)} ms old: ${seen.join(' ')}`)
  const { overloaded } = (await service.status()).cameras[1]!.decoder!
  t.ok(overloaded!.picturesDropped > before + 10, `${before}, then ${overloaded!.picturesDropped}`)
  writeFileSync(variables.MENDED, '')
  await service.until(({ cameras }) => cameras[1]!.decoder?.overloaded === null, 'it is not overloaded any more', 20_000)
  const later = await ages.seen(t, service, 1_000)
  t.ok(later.length > 15 && Math.max(...later) < 300, `${later.length} pictures: ${later.join(' ')}`)
}
