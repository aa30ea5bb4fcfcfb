import t from 'tap'
import type { LiveCamera } from '../../src/config/registry.js'
import { HardwareTrial, type HardwareMemory } from '../../src/decoder/hardware-trial.js'
import { FakeClock } from '../fake-clock.js'
import { camera } from '../fake-launch.js'

/** A camera whose decoders the test controls. `hang` makes one that shows nothing for this long and is then stopped. */
function play (hwaccel: LiveCamera['hwaccel'] = 'vaapi') {
  const clock = new FakeClock()
  const memory: HardwareMemory = { failedDecoder: undefined }
  const asked: Array<LiveCamera['hwaccel']> = []
  const start = () => {
    const trial = new HardwareTrial({ ...camera, hwaccel }, memory, clock)
    asked.push(trial.decodedBy({ ...camera, hwaccel }).hwaccel)
    return trial
  }
  const nameOf = (trial: HardwareTrial) => trial.note || hwaccel === 'none' ? 'software' : 'vaapi'
  const hang = (ms: number, { shows = false, fed = true, decoder }: { shows?: boolean, fed?: boolean, decoder?: { name: string | undefined } } = {}) => {
    const trial = start()
    if (shows) trial.succeed()
    clock.advance(ms)
    trial.stop(decoder ? decoder.name : nameOf(trial), () => fed)
    return trial
  }
  const end = (isAtFault: boolean) => {
    const trial = start()
    trial.end(nameOf(trial), () => isAtFault)
    return trial
  }
  return { asked, memory, start, hang, end }
}

t.test('a decoder that is stopped', async t => {
  t.test('is not used again after it hung although it was fed', async t => {
    const { hang, asked, start } = play()
    t.equal(hang(5_001).note, undefined)
    hang(100)
    t.same(asked, ['vaapi', 'none'])
    t.equal(start().note, 'Yard is decoded in software, because vaapi made no picture from what it sends.')
  })
  t.test('is used again if software hangs as well', async t => {
    const { hang, asked } = play()
    for (let i = 0; i < 4; i++) hang(5_001)
    t.same(asked, ['vaapi', 'none', 'vaapi', 'none'])
  })
  t.test('stays unused while software shows pictures', async t => {
    const { hang, asked } = play()
    hang(5_001)
    hang(9_000, { shows: true })
    hang(1)
    t.same(asked, ['vaapi', 'none', 'none'])
  })
  t.test('is not blamed for other faults', async t => {
    for (const [ms, more] of [[5_000, {}], [9_000, { shows: true }], [9_000, { fed: false }], [9_000, { decoder: { name: undefined } }], [9_000, { decoder: { name: 'software' } }]] as const) {
      const { hang, asked } = play()
      hang(ms, more)
      hang(1)
      t.same(asked, ['vaapi', 'vaapi'], JSON.stringify(more))
    }
  })
  t.test('is judged once: what its process does after the stop counts no more', async t => {
    const { hang, asked, start } = play()
    hang(100).end('vaapi', () => true)
    start()
    t.same(asked, ['vaapi', 'vaapi'])
  })
})

t.test('a decoder that ends by itself is blamed only for a failure that is its fault', async t => {
  const { asked, end, start } = play()
  end(false)
  end(true)
  end(false)
  start()
  t.same(asked, ['vaapi', 'vaapi', 'none', 'none'])
})

t.test('a decoder that has shown a picture is not blamed when it ends', async t => {
  const { asked, start } = play()
  const trial = start()
  trial.succeed()
  trial.end('vaapi', () => true)
  start()
  t.same(asked, ['vaapi', 'vaapi'])
})

t.test('a camera that is meant to be decoded in software has no trial', async t => {
  const { memory, hang, end, asked } = play('none')
  memory.failedDecoder = 'vaapi' // from before its configuration was changed
  t.equal(hang(5_001).note, undefined)
  end(true)
  t.equal(memory.failedDecoder, 'vaapi')
  t.same(asked, ['none', 'none'])
})
