import { join } from 'node:path'
import type { Test } from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { startSimulator } from '../../src/simulator/simulator.js'
import { decodeJpeg } from './picture.js'
import { startService } from './service.js'

/** Tests that a camera of this rate is shown at it, read by camgate and by ffmpeg, and never fails. */
export async function isSteady (t: Test, { fps, within: [min, max], pictures }: { fps: number, within: [min: number, max: number], pictures: number }): Promise<void> {
  const ingests = { direct: 'camgate', ffmpeg: 'ffmpeg' }
  // Each reader has a camera of its own, which begins to send when it is asked to. ffmpeg shows a picture when the next one comes: if another reader had come just before, that would be the third one.
  const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, cameras: Object.keys(ingests).map(id => ({ id, name: 'Steady', width: 320, height: 176, fps })) })
  t.teardown(() => simulator.close())
  for (const [ingest, reader] of Object.entries(ingests)) {
    t.test(`read by ${reader}`, { buffered: true }, async t => {
      const config = { defaults: { decode: 'always' }, cameras: { 1: { source: simulator.url(ingest), fps: 60, ingest } } }
      const service = await startService(t, { config: join(t.testdir({ 'cameras.yaml': JSON.stringify(config) }), 'cameras.yaml') })
      const { cameras } = await service.until(({ cameras: { 1: camera } }) =>
        camera!.fps >= min && camera!.fps <= max && camera!.framesTotal >= pictures, 'it has its rate', 60_000)
      t.match(cameras[1], { state: 'running', failure: null, restarts: 0, width: 320, height: 176 })
      t.same(service.log.filter(({ camera, to }) => camera === '1' && to === 'waiting'), [])
      const answer = await fetch(new URL('camera/1/snapshot', service.url))
      t.equal(answer.status, 200)
      t.match(decodeJpeg(Buffer.from(await answer.arrayBuffer())), { width: 320, height: 176 })
    })
  }
}
