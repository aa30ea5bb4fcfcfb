import t from 'tap'
import { Publisher } from '../../src/stream/publisher.js'
import type { Clock } from '../../src/clock.js'
import type { Failure } from '../../src/failure/failure.js'
import type { Frame } from '../../src/frames/frame.js'
import { BOUNDARY, partOf } from '../../src/multipart.js'
import { FakeClock } from '../fake-clock.js'
import { withComment } from '../jpegs.js'
import { jpeg, pictureOf, wordsJpeg } from '../fake-launch.js'

function play () {
  const publisher = new Publisher(new FakeClock())
  const calls: Array<'frame' | Failure> = []
  const shown: Frame[] = []
  publisher.hub.subscribe({ write (frame, done) { shown.push(frame); done() }, end () {} })
  const take = publisher.open({ alive: true, frame () { calls.push('frame') }, signOfLife () {}, broken (failure) { calls.push(failure) } })
  return { publisher, take, calls, shown }
}

t.test('a publisher', async t => {
  for (const [where, hostile] of [
    ['a comment', withComment(jpeg, `\r\n--${BOUNDARY}\r\nContent-Type: text/html\r\n\r\n<script>fetch('/stop/1')</script>`)],
    ['the scan', Buffer.concat([jpeg.subarray(0, -20), Buffer.from(BOUNDARY), jpeg.subarray(-20)])]
  ] as const) {
    t.test(`shows no picture with the boundary in ${where}, and fails with the reason`, async t => {
      const { take, calls, shown, publisher } = play()
      take(pictureOf(jpeg))
      const at = hostile.indexOf(BOUNDARY) + 5
      take({ ...pictureOf(hostile), pieces: [hostile.subarray(0, at), hostile.subarray(at)] }) // the boundary is in two pieces
      t.equal(shown.length, 1)
      t.match(calls, ['frame', { code: 'bad-stream', message: 'The camera\'s stream cannot be read: a picture holds the text "camgate-frame", at which a browser would end it.' }])
      t.equal(publisher.report(0).framesTotal, 1)
      t.ok(publisher.hub.latest?.jpeg.equals(jpeg))
    })
  }

  t.test('ends the attempt, not the process, when it makes a mistake', async t => {
    const { take, calls, publisher } = play()
    publisher.hub.publish = () => { throw new TypeError('x is not a function') }
    take(pictureOf(jpeg))
    t.match(calls, ['frame', { code: 'bad-stream', message: /mistake in camgate itself/, defect: { message: 'x is not a function' } }])
  })

  t.test('gives a later picture a later time, and pictures of one moment the same time, also if the process waits between reading one clock and the other', async t => {
    let [now, waitMs] = [1_000, 0]
    const clock: Clock = {
      now: () => now,
      wall () {
        const wall = Math.floor(Date.UTC(2026, 0, 1) + now)
        now += waitMs
        return wall
      },
      after: () => () => {}
    }
    const walls: number[] = []
    for (const publisher of [new Publisher(clock), new Publisher(clock)]) { // the full picture, and a rendition to which a viewer is moved
      publisher.hub.subscribe({ write ({ wall }, done) { walls.push(wall); done() }, end () {} })
      const take = publisher.open({ alive: true, frame () {}, signOfLife () {}, broken () {} })
      waitMs = 0
      take({ ...pictureOf(jpeg, 900), originalAt: 850 })
      t.equal(publisher.newest!.originalAt, 850)
      waitMs = 80
      take(pictureOf(jpeg, 950.5))
    }
    const [first, second, ...others] = walls
    t.equal(second! - first!, 50.5)
    t.same(others, [first, second])
  })

  t.test('measures the rate of each process anew', async t => {
    const { publisher, take } = play()
    for (let at = 0; at <= 1_000; at += 50) take(pictureOf(jpeg, at))
    t.equal(publisher.report(1_000).fps, 20)
    publisher.open({ alive: true, frame () {}, signOfLife () {}, broken () {} })
    t.equal(publisher.report(1_000).fps, 0)
  })

  t.test('shows no status frame with the boundary either', async t => {
    const { publisher, shown } = play()
    const show = (words: Buffer) => publisher.show({ pieces: [words], length: words.length, width: 64, height: 48 }, 'waiting')
    show(withComment(wordsJpeg, `--${BOUNDARY}`))
    t.equal(shown.length, 0)
    show(wordsJpeg)
    t.equal(shown.length, 1)
  })
})

/** Publishes a picture for each sign, 50 ms apart. Those with a "!" are damaged. */
function take (pictures: string, { holds = false } = {}) {
  const clock = new FakeClock()
  const publisher = new Publisher(clock, { holdsDamaged: holds })
  const seen: Frame[] = []
  const signs: string[] = []
  publisher.hub.subscribe({ write (frame, done) { seen.push(frame); done() }, end () {} })
  const push = publisher.open({ alive: true, frame () { signs.push('frame') }, signOfLife () { signs.push('sign') }, broken () {} })
  for (const sign of pictures) {
    push(pictureOf(jpeg, clock.now(), sign === '!'))
    clock.advance(50)
  }
  return { clock, publisher, seen, signs }
}

t.test('damaged pictures', async t => {
  t.test('are shown with a mark', async t => {
    const { seen, signs } = take('.!!.')
    t.same(seen.map(({ damaged }) => damaged), [false, true, true, false])
    t.same(seen.map(frame => /\r\nX-Damaged: 1\r\n/.test(partOf(frame).toString('latin1'))), [false, true, true, false])
    t.same(signs, ['frame', 'frame', 'frame', 'frame'])
  })
  t.test('are held back if configured: the last clean one stays, and grows old', async t => {
    const { seen, signs, publisher, clock } = take('.!!!', { holds: true })
    t.same(seen.map(({ seq }) => seq), [1])
    t.same(signs, ['frame', 'sign', 'sign', 'sign'], 'the camera does not stall')
    t.match(publisher.report(clock.now()), { frameAgeMs: 200, framesTotal: 1 })
    t.equal(publisher.hub.latest, seen[0])
    t.equal(take('!!..', { holds: true }).seen.length, 2)
  })
})

t.test('pictures that are copied from the camera', async t => {
  const play = (copied: boolean) => {
    const clock = new FakeClock()
    const publisher = new Publisher(clock, { fps: 10 })
    let [shown, calls] = [0, 0]
    publisher.hub.subscribe({ write (_frame, done) { shown++; done() }, end () {} })
    const push = publisher.open({ alive: true, frame () { calls++ }, signOfLife () {}, broken () {} })
    for (let i = 0; i < 40; i++) {
      push({ ...pictureOf(jpeg, clock.now()), copied })
      clock.advance(25)
    }
    return { shown, calls }
  }
  t.test('are published at the configured rate at most; the lifecycle is informed of all', async t => {
    const { shown, calls } = play(true)
    t.ok(shown >= 10 && shown <= 12, `${shown} in a second`)
    t.equal(calls, 40)
  })
  t.test('are the only ones whose rate it limits: ffmpeg limits its own', async t => {
    t.same(play(false), { shown: 40, calls: 40 })
  })
})
