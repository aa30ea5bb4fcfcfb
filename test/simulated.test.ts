import t from 'tap'
import type { Camera } from '../src/config/registry.js'
import { startSimulated } from '../src/simulated.js'
import type { RtspSource } from '../src/sources/rtsp.js'
import { camera } from './fake-launch.js'
import { knock } from './simulator/knock.js'

t.test('a simulated camera whose clip cannot be encoded is off, the reason is logged, and real cameras are unaffected', async t => {
  process.env['XDG_CACHE_HOME'] = t.testdir()
  const simulated: Camera = { ...camera, id: 'yard', source: { type: 'simulated', codec: 'h264', auth: 'none' } }
  const log: unknown[] = []
  const { cameras, close } = await startSimulated([camera, simulated], '/no/ffmpeg', new AbortController().signal, { error: (...line: unknown[]) => { log.push(line) } })
  t.teardown(close)
  t.same(cameras[0], camera)
  t.match(cameras[1], { id: 'yard', simulated: true, source: { type: 'rtsp', url: /^rtsp:\/\/127\.0\.0\.1:\d+\/yard$/ } })
  t.equal(await knock((cameras[1]!.source as RtspSource).url), 'ECONNREFUSED')
  t.match(log, [[{ camera: 'yard' }, /camera yard: .*ENOENT.* stays off/]])
})
