import t from 'tap'
import type { LiveCamera } from '../../src/config/registry.js'
import { LINGER_MS } from '../../src/lifecycle/demand.js'
import { supervise as superviseCoded } from '../camera/coded-camera.js'
import { jpeg, pictureOf, turn, wordsJpeg } from '../fake-launch.js'
import { whole } from '../jpegs.js'

/** A camera that sends H.264, with a rendition. The test plays it, and the processes of both. */
function supervise (config: Partial<LiveCamera> = {}) {
  const coded = superviseCoded({ renditions: [{ name: 'thumb', width: 32, fps: 5, quality: 9 }], ...config })
  const { clock, played, supervisor } = coded
  /** The newest process of the rendition, or of the camera's own picture, that decodes what the camera sends. */
  const decoding = (width: number | undefined) => {
    const transcoding = () => {
      const last = played.transcodings.findLast(({ camera }) => camera.width === width)
      if (!last) throw new Error('it was never started')
      return last
    }
    return {
      get count () { return played.transcodings.filter(({ camera }) => camera.width === width).length },
      get stops () { return transcoding().stops },
      get camera () { return transcoding().camera },
      get given () { return transcoding().given.map(({ key }) => key) },
      out: () => { transcoding().onPicture(pictureOf(jpeg, clock.now())) },
      exit: (code: number | null = 255, signal: NodeJS.Signals | null = null) => { transcoding().onExit({ code, signal, stderr: transcoding().stderr }) }
    }
  }
  return {
    ...coded,
    thumb: supervisor.stream('thumb'),
    status: () => supervisor.status().renditions.thumb!,
    own: decoding(32),
    full: decoding(undefined),
    /** The process that makes the rendition from frames. */
    encoding: () => played.encodings.at(-1)!,
    exitEncoder: () => { played.encodings.at(-1)!.onExit({ code: 255, signal: null, stderr: [] }) },
    /** Time passes while the camera sends pictures. */
    film: (ms: number) => { coded.film(ms, 1_000, false) }
  }
}

t.test('a rendition of coded pictures', async t => {
  t.test('has a decoder of its own while nobody watches the full picture', async t => {
    const all = supervise()
    const { played, own, watch, status, film, clock, supervisor } = all
    await all.run()
    played.coded(false)
    t.equal(played.transcodings.length, 0)
    const { seen, leave } = watch('thumb')
    t.same([own.count, played.transcodings.length, played.encodings.length], [1, 1, 0])
    t.match(own.camera, { width: 32, height: undefined, fps: 5, quality: 9 })
    t.same(own.given, [true, false], 'the group, at once')
    own.out()
    t.match(seen, [{ live: true }])
    t.match(status(), { state: 'running', viewers: 1, framesTotal: 1, failure: null })
    t.match(supervisor.status(), { viewers: 0, framesTotal: 0, decoder: { state: 'idle' } })
    leave()
    film(LINGER_MS - 1)
    t.equal(own.stops, 0)
    clock.advance(1)
    t.equal(own.stops, 1)
    own.exit()
    t.match(status(), { state: 'idle', viewers: 0 })
    t.match([played.attempts.length, played.stops()], [1, 0], 'the camera keeps running')
  })

  t.test('is never larger or faster than the camera\'s own picture', async t => {
    const all = supervise({ width: 24, fps: 3 })
    const { played, watch } = all
    await all.run()
    watch('thumb')
    t.match(played.transcodings, [{ camera: { width: 24, fps: 3, quality: 9 } }])
  })

  t.test('does not touch the full picture when it comes and goes', async t => {
    const all = supervise()
    const { own, full, watch, film, encoding, exitEncoder, played, supervisor } = all
    await all.run()
    const first = watch('thumb')
    own.out()
    const viewer = watch()
    t.same([own.count, full.count], [1, 1])
    full.out()
    t.equal(own.stops, 0, 'it is not moved while it is needed')
    first.leave()
    film(LINGER_MS)
    t.equal(own.stops, 1)
    own.exit()
    const given = full.given.length
    const second = watch('thumb')
    await turn()
    t.same([own.count, full.count, played.encodings.length], [1, 1, 1], 'the full picture is made anyway')
    t.equal(full.given.length, given)
    t.equal(encoding().given.length, 1)
    t.equal(supervisor.status().viewers, 1)
    encoding().onJpeg(whole(jpeg))
    t.match(second.seen, [{ live: true }])
    second.leave()
    full.out()
    film(LINGER_MS)
    t.equal(encoding().stops, 1)
    exitEncoder()
    t.same([full.count, full.stops], [1, 0])
    t.ok(viewer.seen.every(({ live }) => live))
    t.equal(viewer.seen.length, 2)
  })

  t.test('keeps the full picture going that it is made from, after its last viewer', async t => {
    const all = supervise()
    const { own, full, watch, film, encoding, played } = all
    await all.run()
    const viewer = watch()
    full.out()
    watch('thumb')
    await turn()
    encoding().onJpeg(whole(jpeg))
    viewer.leave()
    film(2 * LINGER_MS)
    t.same([own.count, full.stops, encoding().stops], [0, 0, 0])
    full.exit(null, 'SIGKILL')
    await turn()
    t.equal(played.drawn.length, 1, 'nobody sees the full picture')
  })

  t.test('wakes an on-demand camera, and lets it go idle', async t => {
    const all = supervise({ onDemand: true })
    const { supervisor, played, watch, own, film, clock } = all
    await supervisor.start()
    const { leave } = watch('thumb')
    await all.connect()
    t.same([played.attempts.length, own.count, played.transcodings.length], [1, 1, 1])
    own.out()
    leave()
    film(LINGER_MS - 1)
    t.same([played.stops(), own.stops], [0, 0])
    clock.advance(1)
    t.same([played.stops(), own.stops], [1, 1], 'both at once')
    played.exit()
    own.exit()
    t.match(supervisor.status(), { state: 'idle', renditions: { thumb: { state: 'idle' } } })
    t.equal(clock.pending, 0)
  })

  t.test('has a failure of its own', async t => {
    const all = supervise()
    const { supervisor, own, watch, status, played, film } = all
    await all.run()
    const { seen } = watch('thumb')
    own.out()
    own.exit(null, 'SIGKILL')
    await turn()
    const message = 'ffmpeg was ended by SIGKILL.'
    t.match(status(), { state: 'waiting', failure: { message } })
    t.match(supervisor.status(), { state: 'running', failure: null, decoder: { state: 'idle', failure: null } })
    t.match(played.drawn, [{ title: 'Yard', paragraphs: [message, /^since/] }])
    t.match(seen.at(-1), { live: false })
    film(1_000)
    await turn()
    t.equal(own.count, 2)
    own.out()
    t.match(status(), { state: 'running', failure: null })
  })

  t.test('shows why there are no frames to make it from, and then decodes by itself', async t => {
    const all = supervise()
    const { own, full, watch, encoding, exitEncoder, status, played } = all
    await all.run()
    watch()
    full.out()
    const { seen } = watch('thumb')
    await turn()
    const { given } = encoding()
    full.exit(null, 'SIGKILL')
    await turn()
    const message = 'ffmpeg was ended by SIGKILL.'
    t.match(status(), { state: 'waiting', failure: { message } })
    t.match(seen.at(-1), { live: false })
    t.ok(seen.at(-1)!.jpeg.equals(wordsJpeg))
    t.equal(given.length, 1, 'the status frames of the full picture are no frames for it')
    t.equal(encoding().stops, 1)
    exitEncoder()
    t.equal(own.count, 1)
    own.out()
    t.match(seen.at(-1), { live: true })
    t.equal(played.encodings.length, 1)
  })

  t.test('is made from the full picture again after the camera has connected again', async t => {
    const all = supervise()
    const { own, full, watch, encoding, exitEncoder, clock, played, status } = all
    await all.run()
    watch()
    full.out()
    watch('thumb')
    await turn()
    encoding().onJpeg(whole(jpeg))
    played.exit(['Connection refused'])
    t.same([full.stops, encoding().stops], [1, 1])
    t.match(status(), { state: 'waiting', failure: { code: 'refused' } })
    full.exit()
    exitEncoder()
    clock.advance(1_000)
    await all.connect()
    t.same([own.count, full.count], [0, 2], 'the full picture has viewers')
    full.out()
    await turn()
    t.equal(played.encodings.length, 2)
    encoding().onJpeg(whole(jpeg))
    t.match(status(), { state: 'running' })
  })

  t.test('is made from JPEGs if the camera sends those the next time, even if its decoder ends late', async t => {
    const all = supervise()
    const { own, watch, played, clock, supervisor, status, encoding } = all
    await all.run()
    watch('thumb')
    own.out()
    const restarted = supervisor.restart()
    t.equal(own.stops, 1)
    played.exit()
    await turn()
    played.frame()
    t.equal(played.attempts.length, 2)
    own.exit()
    await restarted
    await turn()
    t.equal(played.encodings.length, 1)
    t.equal(encoding().given.length, 1)
    encoding().onJpeg(whole(jpeg))
    t.match(status(), { state: 'running' })
    t.equal(own.count, 1)
    t.equal(clock.now(), 0)
  })

  t.test('is stopped with its camera', async t => {
    const all = supervise()
    const { own, full, watch, played, supervisor, clock } = all
    await all.run()
    watch('thumb')
    watch()
    own.out()
    full.out()
    let isStopped = false
    const stopped = supervisor.stop().then(() => { isStopped = true })
    t.same([own.stops, full.stops, played.stops()], [1, 1, 1], 'all at once')
    played.exit()
    full.exit()
    await turn()
    t.notOk(isStopped)
    own.exit()
    await stopped
    await supervisor.close()
    t.equal(clock.pending, 0)
  })

  t.test('leaves nothing when its camera is closed, also while it waits for its next try', async t => {
    for (const isCoded of [true, false]) {
      const all = supervise()
      const { own, watch, played, supervisor, clock, encoding, status } = all
      if (isCoded) await all.run()
      else {
        await supervisor.start()
        await turn()
        played.frame()
      }
      watch('thumb')
      await turn()
      if (isCoded) own.exit(1)
      else encoding().onExit({ code: 1, signal: null, stderr: [] })
      t.equal(status().state, 'waiting')
      const closed = supervisor.close()
      played.exit()
      await closed
      t.equal(clock.pending, 0)
    }
  })

  t.test('may be one of many', async t => {
    const warnings: Error[] = []
    const listen = (warning: Error) => { warnings.push(warning) }
    process.on('warning', listen)
    t.teardown(() => process.off('warning', listen))
    supervise({ renditions: Array.from({ length: 20 }, (_, i) => ({ name: i === 0 ? 'thumb' : `r${i}`, width: 32 })) })
    await turn()
    t.same(warnings, [])
  })

  t.test('says how long its viewers may have to wait for a key picture', async t => {
    const all = supervise()
    const { played, film, watch, clock } = all
    await all.run()
    film(4_000)
    played.coded()
    film(13_000)
    watch('thumb')
    clock.advance(300)
    await turn()
    t.match(played.drawn, [{ paragraphs: ['Waiting for the camera\'s next key picture, which comes about every 15 seconds …', /^since/], width: 32 }])
  })
})
