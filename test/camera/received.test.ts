import { pino } from 'pino'
import t from 'tap'
import type { InputReport } from '../../src/capture/input.js'
import type { Launch } from '../../src/capture/attempt.js'
import { Received } from '../../src/camera/received.js'
import { Supervisor } from '../../src/camera/supervisor.js'
import { FakeClock } from '../fake-clock.js'
import { camera, FakeLaunch, jpeg, turn } from '../fake-launch.js'

/** A camera, and how many of its pictures each of its attempts reports as damaged. */
function watched (damaged: number[] = []) {
  const clock = new FakeClock()
  const played = new FakeLaunch(clock)
  const launch: Launch = (camera, events, memory) => {
    const attempt = played.launch(camera, events, memory)
    const number = played.attempts.length - 1
    return { ...attempt, input: () => ({ ingest: 'direct', copied: false, damage: undefined, picturesDamaged: damaged[number] ?? 0 }) as InputReport }
  }
  const supervisor = new Supervisor(camera, { ...played.parts(pino({ level: 'silent' })), launch })
  void supervisor.start()
  return { clock, played, supervisor }
}

t.test('what has come from a camera', async t => {
  t.test('is nothing at first', async t => {
    const { pictures, bytes, newestAt, damaged } = new Received()
    t.same([pictures, bytes, newestAt, damaged], [0, 0, undefined, 0])
  })
  t.test('is counted whether it is JPEG or has to be decoded, by all attempts together', async t => {
    const { clock, played, supervisor: { received } } = watched()
    clock.advance(10)
    played.frame()
    t.same([received.pictures, received.bytes, received.newestAt], [1, jpeg.length, 10])
    played.exit()
    clock.advance(2_000)
    await turn()
    played.track()
    played.coded(true)
    played.coded(false)
    t.same([received.pictures, received.bytes, received.newestAt], [3, jpeg.length + 'key'.length + 'next'.length, 2_010])
  })
  t.test('is the newest for as long as the camera says so', async t => {
    const { clock, played, supervisor: { received } } = watched()
    played.attempts[0]!.onUnchanged()
    t.equal(received.newestAt, undefined, 'there is none yet')
    played.frame()
    clock.advance(5_000)
    played.attempts[0]!.onUnchanged()
    t.same([received.pictures, received.newestAt], [1, 5_000])
  })
  t.test('is also what came damaged, while an attempt lasts and after it', async t => {
    const damaged = [2]
    const { clock, played, supervisor: { received } } = watched(damaged)
    played.frame()
    t.equal(received.damaged, 2)
    damaged[0] = 5
    played.exit()
    t.equal(received.damaged, 5)
    damaged[1] = 1
    clock.advance(2_000)
    await turn()
    t.equal(played.attempts.length, 2)
    t.equal(received.damaged, 6)
  })
})
