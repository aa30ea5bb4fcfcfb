import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { systemClock } from '../../src/clock.js'
import type { Camera } from '../../src/config/registry.js'
import { lookAtCameras } from '../../src/doctor/cameras.js'
import type { ProbeReport } from '../../src/probe/report.js'
import type { NetworkCamera } from '../../src/probe/target.js'
import { camera } from '../fake-launch.js'

const parts = { clock: systemClock, signal: new AbortController().signal, asksPorts: true }
const { substream: _, ...settings } = camera
const answered = (more: Partial<ProbeReport> = {}) => ({ failure: null, login: 'none', todo: [], ...more }) as unknown as ProbeReport

t.test('cameras that nobody reads', async t => {
  t.test('are contacted if they are enabled and have an address', async t => {
    const contacted: string[] = []
    const cameras: Camera[] = [
      { ...settings, id: 'good' }, { ...settings, id: 'off' }, { ...settings, id: 'old', enabled: false }, { ...settings, id: 'test', source: { type: 'pattern' } }, { ...settings, id: 'slow' }
    ]
    const looked = await lookAtCameras(cameras, parts, async (camera: NetworkCamera) => {
      contacted.push(camera.id)
      const report = camera.id === 'off' ? answered({ failure: { code: 'refused', message: 'No.' }, todo: ['Do.'] }) : answered({ todo: camera.id === 'slow' ? ['Faster.'] : [] })
      return { report, camera, key: undefined }
    })
    t.same(contacted, ['good', 'off', 'slow'])
    t.match(looked, [
      { id: 'good', findings: [{ level: 'note', code: 'fine' }] }, { id: 'off', findings: [{ level: 'error', code: 'refused', what: 'No.', todo: ['Do.'] }] },
      { id: 'old', findings: [{ level: 'note', code: 'disabled' }], report: undefined }, { id: 'test', findings: [{ level: 'note', code: 'not-probed' }], report: undefined },
      { id: 'slow', findings: [{ level: 'warning', what: 'Faster.' }] }
    ])
  })
  t.test('are contacted a few at a time', async t => {
    let now = 0
    let most = 0
    await lookAtCameras(Array.from({ length: 30 }, (_, index) => ({ ...settings, id: String(index) })), parts, async camera => {
      most = Math.max(most, ++now)
      await turn()
      now--
      return { report: answered(), camera, key: undefined }
    })
    t.equal(most, 8)
  })
})
