import t from 'tap'
import { Publisher } from '../../src/stream/publisher.js'
import type { Failure } from '../../src/failure/failure.js'
import type { Frame } from '../../src/frames/frame.js'
import { BOUNDARY, partOf } from '../../src/multipart.js'
import { FakeClock } from '../fake-clock.js'
import { withComment } from '../jpegs.js'
import { jpeg, pictureOf, wordsJpeg } from '../played.js'

function play () {
  const intake = new Publisher(new FakeClock())
  const told: Array<'frame' | Failure> = []
  const shown: Frame[] = []
  intake.hub.subscribe({ write (frame, done) { shown.push(frame); done() }, end () {} })
  const take = intake.open({ alive: true, frame () { told.push('frame') }, sign () {}, broken (failure) { told.push(failure) } })
  return { intake, take, told, shown }
}

t.test('an intake', async t => {
  for (const [where, hostile] of [
    ['a comment', withComment(jpeg, `\r\n--${BOUNDARY}\r\nContent-Type: text/html\r\n\r\n<script>fetch('/stop/1')</script>`)],
    ['the scan', Buffer.concat([jpeg.subarray(0, -20), Buffer.from(BOUNDARY), jpeg.subarray(-20)])]
  ] as const) {
    t.test(`shows no picture that holds the boundary in ${where}, and says why`, async t => {
      const { take, told, shown, intake } = play()
      take(pictureOf(jpeg))
      const at = hostile.indexOf(BOUNDARY) + 5
      take({ ...pictureOf(hostile), pieces: [hostile.subarray(0, at), hostile.subarray(at)] }) // the boundary is in two pieces
      t.equal(shown.length, 1)
      t.match(told, ['frame', { code: 'bad-stream', message: 'The camera\'s stream cannot be read: a picture holds the text "camgate-frame", at which a browser would end it.' }])
      t.equal(intake.report(0).framesTotal, 1)
      t.ok(intake.hub.latest?.jpeg.equals(jpeg))
    })
  }

  t.test('that makes a mistake ends the attempt, not the process', async t => {
    const { take, told, intake } = play()
    intake.hub.publish = () => { throw new TypeError('x is not a function') }
    take(pictureOf(jpeg))
    t.match(told, ['frame', { code: 'bad-stream', message: /mistake in camgate itself/, defect: { message: 'x is not a function' } }])
  })

  t.test('shows no words that hold it either', async t => {
    const { intake, shown } = play()
    const show = (words: Buffer) => intake.show({ pieces: [words], length: words.length, width: 64, height: 48 }, 'waiting')
    show(withComment(wordsJpeg, `--${BOUNDARY}`))
    t.equal(shown.length, 0)
    show(wordsJpeg)
    t.equal(shown.length, 1)
  })
})

/** Takes a picture for each sign, those with a "!" damaged, 50 ms apart. */
function take (pictures: string, { holds = false } = {}) {
  const clock = new FakeClock()
  const intake = new Publisher(clock, { holdsDamaged: holds })
  const seen: Frame[] = []
  const signs: string[] = []
  intake.hub.subscribe({ write (frame, done) { seen.push(frame); done() }, end () {} })
  const push = intake.open({ alive: true, frame () { signs.push('frame') }, sign () { signs.push('sign') }, broken () {} })
  for (const sign of pictures) {
    push(pictureOf(jpeg, clock.now(), sign === '!'))
    clock.advance(50)
  }
  return { clock, intake, seen, signs }
}

t.test('damaged pictures', async t => {
  t.test('are shown with a mark', async t => {
    const { seen, signs } = take('.!!.')
    t.same(seen.map(({ damaged }) => damaged), [false, true, true, false])
    t.same(seen.map(frame => /\r\nX-Damaged: 1\r\n/.test(partOf(frame).toString('latin1'))), [false, true, true, false])
    t.same(signs, ['frame', 'frame', 'frame', 'frame'])
  })
  t.test('are held back where that is wanted: the last clean one stays, and grows old', async t => {
    const { seen, signs, intake, clock } = take('.!!!', { holds: true })
    t.same(seen.map(({ seq }) => seq), [1])
    t.same(signs, ['frame', 'sign', 'sign', 'sign'], 'the camera does not stall')
    t.match(intake.report(clock.now()), { frameAgeMs: 200, framesTotal: 1 })
    t.equal(intake.hub.latest, seen[0])
    t.equal(take('!!..', { holds: true }).seen.length, 2)
  })
})

t.test('pictures that are copied from the camera', async t => {
  const play = (copied: boolean) => {
    const clock = new FakeClock()
    const intake = new Publisher(clock, { fps: 10 })
    let [shown, told] = [0, 0]
    intake.hub.subscribe({ write (_frame, done) { shown++; done() }, end () {} })
    const push = intake.open({ alive: true, frame () { told++ }, sign () {}, broken () {} })
    for (let i = 0; i < 40; i++) {
      push({ ...pictureOf(jpeg, clock.now()), copied })
      clock.advance(25)
    }
    return { shown, told }
  }
  t.test('are published at the configured rate at most; the lifecycle is told of all', async t => {
    const { shown, told } = play(true)
    t.ok(shown >= 10 && shown <= 12, `${shown} in a second`)
    t.equal(told, 40)
  })
  t.test('are the only ones: ffmpeg thins what it makes', async t => {
    t.same(play(false), { shown: 40, told: 40 })
  })
})
