import t from 'tap'
import { findFfmpeg } from '../src/ffmpeg/binary.js'
import type { Camera, LiveCamera } from '../src/config/registry.js'
import { Simulated } from '../src/simulated.js'
import type { RtspSource } from '../src/sources/rtsp.js'
import { camera } from './fake-launch.js'
import { knock } from './simulator/knock.js'

const simulated: Camera = { ...camera, id: 'yard', source: { type: 'simulated', codec: 'mjpeg', auth: 'none' } }
const { signal } = new AbortController()
const urlOf = ({ source }: LiveCamera) => (source as RtspSource).url

t.test('a simulated camera whose clip cannot be encoded is off, the reason is logged, and real cameras are unaffected', async t => {
  const before = process.env['XDG_CACHE_HOME']
  process.env['XDG_CACHE_HOME'] = t.testdir()
  t.teardown(() => {
    if (before === undefined) delete process.env['XDG_CACHE_HOME']
    else process.env['XDG_CACHE_HOME'] = before
  })
  const log: unknown[] = []
  const playing = await Simulated.start([camera, simulated], '/no/ffmpeg', signal, { error: (...line: unknown[]) => { log.push(line) } })
  t.teardown(() => playing.close())
  const { cameras } = playing
  t.same(cameras[0], camera)
  t.match(cameras[1], { id: 'yard', simulated: true, source: { type: 'rtsp', url: /^rtsp:\/\/127\.0\.0\.1:\d+\/yard$/ } })
  t.equal(await knock(urlOf(cameras[1]!)), 'ECONNREFUSED')
  t.match(log, [[{ camera: 'yard' }, /camera yard: .*ENOENT.* stays off/]])
})

t.test('simulated cameras come, go and change with the registry', async t => {
  const playing = await Simulated.start([camera, simulated], findFfmpeg()!, signal, { error () {} })
  t.teardown(() => playing.close())
  const [, yard] = playing.cameras
  const used: Array<readonly LiveCamera[]> = []
  const apply = async (...cameras: Camera[]) => { await playing.apply(cameras, live => { used.push(live) }) }

  await apply({ ...simulated, name: 'Gate' }, camera)
  t.match(used, [[{ id: 'yard', name: 'Gate', source: yard!.source }, { id: '1' }]], 'a name changes nothing else')
  t.equal(used[0], playing.cameras)

  await apply(simulated, { ...simulated, id: 'lab' })
  t.match(used[1]!.map(({ id, source }) => [id, source]), [['yard', yard!.source], ['lab', { url: /\/lab$/ }]])
  t.equal(await knock(urlOf(used[1]![1]!)), 'connected')

  const lost = { ...simulated, source: { type: 'simulated', codec: 'mjpeg', auth: 'none', fault: { kind: 'resize', after: 1, width: 1, height: 1 } } } as const
  await t.rejects(apply(lost), { code: 'BAD_SCENE' })
  t.equal(used.length, 2)
  await apply(simulated)
  t.equal(await knock(urlOf(used.pop()![0]!)), 'connected', 'after a failure, it plays again')

  await apply({ ...simulated, source: { type: 'simulated', codec: 'mjpeg', auth: 'basic' }, credentials: { username: 'u', password: 'p' } })
  t.not(urlOf(used[2]![0]!), urlOf(yard!), 'another camera, at another port')
  t.match(await Promise.all([yard!, used[1]![1]!, used[2]![0]!].map(each => knock(urlOf(each)))), ['ECONNREFUSED', 'ECONNREFUSED', 'connected'])
})
