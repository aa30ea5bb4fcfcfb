import t from 'tap'
// @ts-ignore: the page is plain JavaScript; test/dashboard/tsconfig.json checks its types
import { matches } from '../../../src/dashboard/wall/filter.js'
import type { CameraStatus } from '../../../src/stream/status.js'
import { cameraStatus } from '../../status.js'

const failure = { code: 'auth' as const, message: 'No.', since: cameraStatus.since }
const cameras: Record<string, CameraStatus> = {
  1: { ...cameraStatus, name: 'Étage', address: 'rtsp://192.0.2.1/x' },
  gate: { ...cameraStatus, name: 'Склад 7', state: 'waiting', failure },
  3: { ...cameraStatus, name: 'Yard', state: 'stopped', failure },
  4: { ...cameraStatus, name: 'Back yard', state: 'idle' }
}
const found = (text: string, shown: 'all' | 'running' | 'trouble' | 'stopped' = 'all') => Object.entries(cameras).filter(([id, camera]) => matches(id, camera, { text, shown })).map(([id]) => id)

t.test('a filter', async t => {
  t.same(found(''), ['1', '3', '4', 'gate'])
  t.same(found('  etage '), ['1'], 'accents and capitals do not matter')
  t.same(found('СКЛАД'), ['gate'])
  t.same(found('yard back'), ['4'], 'each word occurs')
  t.same(found('GATE'), ['gate'], 'the id')
  t.same(found('192.0.2.1'), ['1'], 'the address')
  t.same(found('.*'), [], 'no pattern')
  t.same(found('', 'running'), ['1'])
  t.same(found('', 'trouble'), ['gate'])
  t.same(found('', 'stopped'), ['3'])
  t.same(found('yard', 'stopped'), ['3'])
})
