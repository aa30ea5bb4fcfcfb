import t from 'tap'
import { inputStatus } from '../../src/capture/input.js'
import type { CodedHubReport } from '../../src/coded/coded-hub.js'

const direct = { ingest: 'direct', copied: false, damage: undefined, codec: 'h264', transport: 'tcp', fps: 25, bitsPerSecond: 0, picturesDamaged: 0, profile: undefined, width: undefined, height: undefined, cameraTime: undefined } as const
const coded: CodedHubReport = { keyIntervalMs: 1_000, group: null, groupExceeded: undefined, pictureAgeMs: 1, reorders: undefined, reorderPictures: undefined, subscribers: 0, dropped: 0 }
const status = (report: Partial<CodedHubReport> | undefined, fps = 25) => inputStatus({ ...direct, fps }, report && { ...coded, ...report }, String)

t.test('the status of an input says what reordered pictures cost', async t => {
  t.match(status({ reorders: true, reorderPictures: 2 }), { reorders: true, reorderDelayMs: 80 })
  t.match(status({ reorders: true }), { reorders: true, reorderDelayMs: null }, 'the stream does not say how many')
  t.match(status({ reorders: true, reorderPictures: 2 }, 0), { reorders: true, reorderDelayMs: null }, 'the rate is not known yet')
  t.match(status({ reorders: false, reorderPictures: 2 }), { reorders: false, reorderDelayMs: null }, 'it could, but it does not')
  t.match(status({}), { reorders: null, reorderDelayMs: null })
  t.match(status(undefined), { reorders: null, reorderDelayMs: null })
})
