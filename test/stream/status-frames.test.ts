import t from 'tap'
import type { LiveCamera } from '../../src/config/registry.js'
import { PLAIN, type Draw } from '../../src/stream/drawing.js'
import { Publisher } from '../../src/stream/publisher.js'
import type { State } from '../../src/lifecycle/state.js'
import { StatusFrames } from '../../src/stream/status-frames.js'
import type { Frame } from '../../src/frames/frame.js'
import { FakeClock } from '../fake-clock.js'
import { camera, jpeg, pictureOf, FakeLaunch, turn, wordsJpeg } from '../fake-launch.js'

/** A camera's status frames, and a viewer. */
function show (config: Partial<LiveCamera> = {}, draw?: Draw) {
  const clock = new FakeClock()
  const played = new FakeLaunch(clock)
  const publisher = new Publisher(clock)
  const frames = new StatusFrames({ camera: { ...camera, ...config } }, publisher, { kind: 'stopped', since: 0 }, { clock, draw: draw ?? played.draw })
  const take = publisher.open({ alive: true, frame () {}, signOfLife () {}, broken () {} })
  const watch = () => {
    const seen: Frame[] = []
    const subscriber = publisher.hub.subscribe({ write (frame, done) { seen.push(frame); done() }, end () {} })
    return { seen, leave: () => subscriber.end(), get kinds () { return seen.map(({ live }) => live ? 'live' : 'words') } }
  }
  return { clock, played, publisher, frames, watch, picture: () => take(pictureOf(jpeg, clock.now())) }
}

const outage = { code: 'refused' as const, message: 'Nothing answers.', since: 5_000 }
const waiting: State = { kind: 'waiting', since: 5_000, attempt: 1, outage, retryAt: 6_000 }
const starting: State = { kind: 'starting', since: 0, attempt: 1, outage: null }
const running: State = { kind: 'running', since: 0, attempt: 1 }

t.test('status frames', async t => {
  t.test('are drawn once for all viewers, and not without viewers', async t => {
    const { frames, watch, played, clock } = show()
    frames.update(waiting)
    await turn()
    t.equal(played.drawn.length, 0)
    const one = watch()
    await turn()
    const two = watch()
    clock.advance(1_000)
    await turn()
    t.same([one.kinds, two.kinds], [['words', 'words'], ['words', 'words']])
    t.equal(played.drawn.length, 1)
    t.same(played.drawn[0]!.paragraphs, ['Nothing answers.', 'since 1 Jan, 00:00:05 UTC'])
  })

  t.test('have a last one, for a viewer who has to go while the camera goes on', async t => {
    const { frames, played, picture, watch } = show()
    frames.update(running)
    picture()
    const viewer = watch()
    t.same((await frames.last('Expired.')).pieces, [wordsJpeg])
    t.same(played.drawn.at(-1)!.paragraphs, ['Expired.', 'since 1 Jan, 00:00:00 UTC'])
    await turn()
    t.same(viewer.kinds, ['live'], 'nobody else sees it')
  })

  t.test('stay the same through the attempts of one outage', async t => {
    const { frames, watch, played } = show()
    watch()
    await turn()
    frames.update(waiting)
    await turn()
    frames.update({ ...starting, attempt: 2, outage })
    await turn()
    frames.update(waiting)
    await turn()
    t.equal(played.drawn.length, 2, 'stopped, and the outage')
    frames.update({ ...waiting, outage: { ...outage, message: 'No route.' } })
    await turn()
    t.equal(played.drawn.length, 3, 'another reason is another picture')
  })

  t.test('show the last picture, in its size', async t => {
    const { frames, watch, played, picture } = show({ width: 320 })
    frames.update(running)
    watch()
    picture()
    frames.update(waiting)
    await turn()
    t.match(played.drawn, [{ title: 'Yard', width: 64, height: 48 }])
    t.ok(played.drawn[0]!.over!.equals(jpeg))
  })

  t.test('have the configured size before the first picture', async t => {
    for (const [config, width, height] of [[{}, 640, 360], [{ width: 320 }, 320, 180], [{ height: 720 }, 1280, 720], [{ width: 100, height: 100 }, 100, 100], [{ rotate: 90 }, 360, 640], [{ rotate: 270, width: 90, crop: { x: 0, y: 0, width: 400, height: 100 } }, 90, 360]] as const) {
      const { watch, played } = show(config)
      watch()
      await turn()
      t.match(played.drawn, [{ width, height, over: undefined }])
    }
  })

  t.test('give way to a picture, even while one is being drawn', async t => {
    const { frames, watch, clock, picture } = show()
    const viewer = watch()
    frames.update(running) // before the text is drawn
    picture()
    await turn()
    clock.advance(5_000)
    await turn()
    t.same(viewer.kinds, ['live'])
    t.equal(clock.pending, 0)
  })

  t.test('are drawn again later if that failed', async t => {
    const { played } = show()
    let asked = 0
    const { watch, clock } = show({}, (...given) => asked++ === 0 ? Promise.resolve(PLAIN) : played.draw(...given))
    const { seen } = watch()
    await turn()
    for (let second = 0; second < 20; second++) {
      clock.advance(1_000)
      await turn()
    }
    t.equal(asked, 2)
    t.equal(seen.length, 21)
    t.same(seen.map(({ jpeg }) => jpeg.equals(wordsJpeg)), [...Array(11).fill(false), ...Array(10).fill(true)])
  })

  t.test('show the newest state to a viewer that joined before it changed', async t => {
    const { played } = show()
    const drawn: Array<() => void> = []
    const { frames } = show({}, async (...given) => {
      await new Promise<void>(resolve => drawn.push(resolve))
      return drawn.length === 1 ? PLAIN : await played.draw(...given)
    })
    const asked = frames.picture()
    frames.update(waiting)
    drawn[0]!() // aborted
    await turn()
    drawn[1]!()
    t.same((await asked)?.pieces, [wordsJpeg])
    t.match(played.drawn, [{ paragraphs: ['Nothing answers.', String] }])
  })

  t.test('are not shown during a quick start', async t => {
    const { frames, watch, played, clock, picture } = show()
    frames.update(starting)
    const viewer = watch()
    await turn()
    clock.advance(299)
    await turn()
    t.equal(played.drawn.length, 0)
    frames.update(running)
    picture()
    clock.advance(1_000)
    t.same(viewer.kinds, ['live'])
    frames.update({ ...starting, since: clock.now() })
    clock.advance(300)
    await turn()
    t.same(viewer.kinds, ['live', 'words'])
  })

  t.test('are shown at once if a start is another try after a failure', async t => {
    const { frames, watch } = show()
    frames.update({ ...starting, attempt: 2, outage })
    const viewer = watch()
    await turn()
    t.same(viewer.kinds, ['words'])
  })

  t.test('stop without viewers, and are fresh for the next viewer', async t => {
    const { watch, clock, publisher } = show()
    const one = watch()
    await turn()
    one.leave()
    t.equal(clock.pending, 0)
    t.equal(publisher.hub.latest, undefined)
    const two = watch()
    await turn()
    t.same(two.kinds, ['words'])
    t.equal(publisher.report(0).framesTotal, 0, 'status frames do not count as frames')
  })
})
