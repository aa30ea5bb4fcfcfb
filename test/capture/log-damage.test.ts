import t from 'tap'
import type { AttemptEvents } from '../../src/capture/attempt.js'
import type { LiveCamera } from '../../src/config/registry.js'
import type { InputReport } from '../../src/capture/input.js'
import { logDamage } from '../../src/capture/log-damage.js'
import { FakeClock } from '../fake-clock.js'
import { camera, jpeg, pictureOf } from '../fake-launch.js'
import { remembered } from './remembered.js'

function play (wishes: Partial<LiveCamera> = {}, transport: 'tcp' | 'udp' = 'udp') {
  const clock = new FakeClock()
  const lines: string[] = []
  const counts = { packetsLost: 0, picturesDamaged: 0 }
  const given: AttemptEvents[] = []
  const launch = remembered(logDamage((_camera, events) => {
    given.push(events)
    return { lastFailure: undefined, input: () => ({ ingest: 'direct', transport, ...counts }) as InputReport, stop () {} }
  }, clock, { warn: (...line: unknown[]) => { lines.push(String(line.at(-1))) } }))
  let forwarded = 0
  const start = (id = '1') => launch({ ...camera, ...wishes, id, name: `Yard ${id}` }, { onPicture () { forwarded++ }, onTrack () {}, onCoded () {}, onBroken () {}, onUnchanged () {}, onExit () {} })
  /** Emits JPEGs 50 ms apart, after losing packets. */
  const pictures = (count: number, { lost = 0, damaged = true } = {}) => {
    counts.packetsLost += lost
    for (let i = 0; i < count; i++) {
      if (damaged) counts.picturesDamaged++
      given.at(-1)!.onPicture(pictureOf(jpeg, clock.now(), damaged))
      clock.advance(50)
    }
  }
  return { start, pictures, clock, lines, counts, forwarded: () => forwarded }
}

t.test('damage is logged', async t => {
  t.test('once a minute at most, with the counts since the last time', async t => {
    const { start, pictures, clock, lines, forwarded } = play()
    start()
    pictures(100, { damaged: false })
    t.same(lines, [])
    pictures(1, { lost: 1 })
    t.same(lines, ["Yard 1: 1 damaged picture: 1 packet of the camera's did not arrive; they are shown, marked X-Damaged, up to the next clean one. With transport: tcp, what is lost is sent again."])
    for (let i = 0; i < 10; i++) pictures(100, { lost: 3 })
    t.equal(lines.length, 1, '50 seconds')
    pictures(200)
    t.equal(lines.length, 2)
    t.match(lines[1], /^Yard 1: 1200 damaged pictures: 30 packets /)
    clock.advance(3_600_000)
    t.equal(lines.length, 2, 'nothing is logged without pictures')
    t.equal(forwarded(), 1_301, 'every picture is passed on')
  })
  t.test('for each camera, and not again for a new attempt', async t => {
    const { start, pictures, lines, counts } = play()
    start('a')
    pictures(1, { lost: 1 })
    start('b')
    pictures(1)
    t.match(lines, [/^Yard a/, /^Yard b/])
    counts.picturesDamaged = counts.packetsLost = 0
    start('a')
    pictures(5)
    t.equal(lines.length, 2)
  })
  t.test('with what viewers see, and advice', async t => {
    const { start, pictures, lines } = play({ onLoss: 'hold' }, 'tcp')
    start()
    pictures(1)
    t.same(lines, ['Yard 1: 1 damaged picture; none is shown up to the next clean one. Over TCP, it is the camera that leaves packets out: have it send a lower bit rate.'])
  })
})
