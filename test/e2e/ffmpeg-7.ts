import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { defaultCacheDir } from '../../src/clips/clip-cache.js'
import { startSimulator } from '../../src/simulator/simulator.js'
import { small } from '../simulator/small.js'
import { Ages } from './ages.js'
import { decodeJpeg } from './picture.js'
import { startService } from './service.js'
import { until } from './until.js'

/** test/setup.mjs installs ffmpeg 7.0.2 here. It has a thread for each step, ignores SIGTERM while it reads a pipe, and cannot draw text. */
const folder = join(defaultCacheDir(), 'ffmpeg-7/imageio_ffmpeg/binaries')
const [program] = existsSync(folder) ? readdirSync(folder).filter(name => name.startsWith('ffmpeg-')) : []

/** Why the tests that need it are skipped; false if they are not. */
export const noFfmpeg7: string | false = !program && `NOT TESTED: there is no ffmpeg 7 in ${folder}. Run node test/setup.mjs, which prints what it lacks.`
export const ffmpeg7 = join(folder, program ?? '')

/** Tests cameras of each kind in one service. */
export async function servesWithFfmpeg7 (t: Test): Promise<void> {
  const simulator = await startSimulator({
    ffmpegPath: findFfmpeg()!,
    cameras: [{ ...small, id: 'direct', clipSeconds: 10 }, { ...small, id: 'seldom', clipSeconds: 10, quirks: ['long-gop'] }, { ...small, id: 'reader' }, { ...small, id: 'copied', codec: 'mjpeg' }]
  })
  t.teardown(() => simulator.close())
  const cameras = {
    direct: { source: simulator.url('direct'), decode: 'always' },
    seldom: { source: simulator.url('seldom') },
    reader: { source: simulator.url('reader'), ingest: 'ffmpeg' },
    copied: { source: simulator.url('copied'), ingest: 'ffmpeg' }
  }
  const service = await startService(t, {
    config: join(t.testdir({ 'cameras.yaml': JSON.stringify({ cameras }) }), 'cameras.yaml'),
    env: { FFMPEG_PATH: ffmpeg7 }
  })
  const running = await service.until(({ cameras }) => Object.values(cameras).every(({ state, fps, decoder }) => state === 'running' && (fps > 15 || decoder?.state === 'idle')), 'all cameras run')

  t.test('pictures are fresh, and as configured', async t => {
    t.match(running.cameras, {
      direct: { width: 320, input: { ingest: 'direct', codec: 'h264' }, decoder: { state: 'running', name: 'software', for: 'always', overloaded: null } },
      reader: { width: 320, input: { ingest: 'ffmpeg', codec: 'h264' }, decoder: { state: 'running' } },
      copied: { width: 320, input: { ingest: 'ffmpeg', codec: 'mjpeg' } }
    })
    const ages = (await new Ages(t, simulator, 'direct', 10 * small.fps).seen(t, service, 1_500)).sort((a, b) => a - b)
    t.ok(ages.length > 15 && ages[ages.length >> 1]! < 500, `${ages.length} pictures: ${ages.join(' ')}`)
  })

  t.test('a camera that nobody watched is shown at once, although its next key picture is far', async t => {
    const ages = new Ages(t, simulator, 'seldom', 10 * small.fps)
    const from = performance.now()
    await service.until(({ cameras }) => {
      const ms = cameras.seldom!.input?.group?.durationMs ?? 0
      return ms > 1_000 && ms < 2_500 && performance.now() - from > 1_000 // the ages of pictures from before are unknown
    }, 'it has sent a key picture, and the next one comes in at least 2.5 s')
    const asked = performance.now()
    const answer = await fetch(new URL('camera/seldom/snapshot', service.url))
    const jpeg = Buffer.from(await answer.arrayBuffer())
    const came = performance.now()
    t.equal(answer.status, 200)
    t.ok(came - asked < 2_500, `after ${came - asked} ms`)
    const age = await ages.of(jpeg, came)
    t.ok(age < 500, `it is ${age} ms old`)
  })

  t.test('a stopped camera gets its TEARDOWN at once, and its picture shows that it is off', async t => {
    for (const id of Object.keys(cameras)) {
      const from = performance.now()
      t.match(await (await fetch(new URL(`stop/${id}`, service.url), { method: 'POST' })).json(), { state: 'stopped' })
      t.ok(performance.now() - from < 1_900, `${id}: no SIGKILL was needed, which comes after 2 s`)
      await until(`${id} is left`, () => simulator.stats(id).connections === 0)
      t.ok(simulator.stats(id).teardowns >= 1, id)
      const snapshot = await fetch(new URL(`camera/${id}/snapshot`, service.url), { headers: { accept: 'image/jpeg' } })
      t.equal(snapshot.status, 503)
      t.ok(decodeJpeg(Buffer.from(await snapshot.arrayBuffer())).width > 0)
    }
    t.equal(service.log.filter(({ msg }) => /drawtext.*FFMPEG_PATH/.test(msg)).length, 1, 'the missing filter is logged once')
  })
}
