import t from 'tap'
import type { FailureCode } from '../../src/camera/failure.js'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { startSimulator, type Fault } from '../../src/simulator/simulator.js'
import { startService } from './service.js'

/** What is wrong with each camera, and what its owner is told. */
const faults: Record<string, { fault: Fault, told: FailureCode, words: RegExp }> = {
  refuse: { fault: { kind: 'refuse' }, told: 'refused', words: /Nothing answers/ },
  silent: { fault: { kind: 'silent' }, told: 'stalled', words: /no pictures/ },
  unauthorized: { fault: { kind: 'unauthorized' }, told: 'auth', words: /username or password/ },
  'not-found': { fault: { kind: 'not-found' }, told: 'not-found', words: /no stream at this path/ },
  busy: { fault: { kind: 'busy' }, told: 'busy', words: /no more viewers/ },
  stall: { fault: { kind: 'stall', after: 1 }, told: 'stalled', words: /no pictures/ },
  cut: { fault: { kind: 'cut', after: 1 }, told: 'exited', words: /ended the stream/ },
  away: { fault: { kind: 'away', up: 2, down: 600 }, told: 'refused', words: /Nothing answers/ },
  garbage: { fault: { kind: 'garbage', after: 0 }, told: 'bad-stream', words: /cannot be read/ }
}
const ids = Object.keys(faults)

t.test('a camera that fails', { timeout: 120_000 }, async t => {
  const simulator = await startSimulator({
    ffmpegPath: findFfmpeg()!,
    cameras: [...ids, 'resize', 'well'].map(id => ({ id, name: 'Fault', width: 320, height: 176, fps: 10, auth: id === 'unauthorized' ? 'digest' as const : 'none' as const }))
  })
  t.teardown(() => simulator.close())
  for (const id of ids) await simulator.setFault(id, faults[id]!.fault)
  await simulator.setFault('resize', { kind: 'resize', after: 1, width: 640, height: 352 })
  const yaml = ['cameras:', ...[...ids, 'resize', 'well'].map(id =>
    `  ${id}: { source: '${simulator.url(id)}'${id === 'unauthorized' ? ', username: admin, password: camgate' : ''} }`)].join('\n')
  const service = await startService(t, { config: `${t.testdir({ 'cameras.yaml': yaml })}/cameras.yaml` })

  t.test('says what is wrong, in words', async t => {
    for (const [id, { told, words }] of Object.entries(faults)) {
      const { cameras } = await service.until(({ cameras }) => cameras[id]!.failure?.code === told, `${id} tells ${told}`)
      t.match(cameras[id]!.failure!.message, words, id)
    }
    const { cameras, status } = await service.until(({ cameras }) => cameras.resize!.framesTotal > 30, 'the size has changed long ago')
    t.equal(status, 'degraded')
    t.match(cameras.resize, { state: 'running', width: 320, height: 176, restarts: 0 }, 'its viewers see one size')
    t.match(cameras.well, { state: 'running', restarts: 0 }, 'and harms no other')
    const waits = Date.parse(cameras.unauthorized!.nextRetryAt!) - Date.parse(cameras.unauthorized!.since)
    t.ok(Math.abs(waits - 300_000) < 100, 'a wrong password is not tried again for five minutes')
  })

  t.test('comes back by itself, save where a password was wrong', async t => {
    for (const id of ids) await simulator.setFault(id, null)
    const others = ids.filter(id => id !== 'unauthorized')
    await service.until(({ cameras }) => others.every(id => cameras[id]!.state === 'running' && cameras[id]!.failure === null), 'all run', 45_000)
    t.match((await service.status()).cameras.unauthorized, { state: 'waiting' })
    await fetch(new URL('start/unauthorized', service.url), { method: 'POST' })
    await service.until(({ status }) => status === 'ok', 'it runs after a start by hand')
  })
})
