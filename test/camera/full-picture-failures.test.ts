import t from 'tap'
import type { LiveCamera } from '../../src/config/registry.js'
import { STALL_TIMEOUT_MS } from '../../src/lifecycle/lifecycle.js'
import { jpeg, turn, wordsJpeg } from '../fake-launch.js'
import { supervise } from './coded-camera.js'

t.test('a camera whose coded pictures cannot be decoded', async t => {
  t.test('goes on being read when its decoder fails, and its viewers see why', async t => {
    const all = supervise()
    const { supervisor, watch, played, out, film, exitDecoder } = all
    await all.run()
    const { seen } = watch()
    out()
    exitDecoder(null, 'SIGKILL')
    await turn()
    const message = 'ffmpeg was ended by SIGKILL.'
    t.match(supervisor.status(), { state: 'running', failure: null, restarts: 0, decoder: { state: 'waiting', failure: { code: 'exited', message }, nextRetryAt: '2026-01-01T00:00:01.000Z' } })
    t.match(supervisor.stream().state, { kind: 'waiting' })
    t.match(played.drawn, [{ title: 'Yard', paragraphs: [message, /^since/], over: jpeg }])
    t.match(seen.at(-1), { live: false, state: 'waiting' })
    t.ok(seen.at(-1)!.jpeg.equals(wordsJpeg))
    film(1_000, 100, false)
    await turn()
    t.equal(played.transcodings.length, 2)
    t.match(supervisor.status().decoder, { state: 'starting', failure: { message } })
    out()
    t.match(seen.at(-1), { live: true })
    t.match(supervisor.status(), { decoder: { state: 'running', failure: null } })
    t.equal(played.attempts.length, 1)
  })

  t.test('is read by ffmpeg the next time, if it may, when nothing can be made of its pictures', async t => {
    for (const [wishes, byFfmpeg] of [[{ ingest: 'auto' }, true], [{ ingest: 'direct' }, false], [{ source: { type: 'http', url: 'http://127.0.0.1/1' } }, false]] as Array<[Partial<LiveCamera>, boolean]>) {
      const all = supervise(wishes)
      const { supervisor, watch, played, last, film } = all
      await all.run()
      watch()
      last().isFed = true
      last().stderr.push('[h264 @ 0x1] [error] no frame!')
      film(STALL_TIMEOUT_MS, 1_000, false)
      t.equal(last().stops, 1)
      t.equal(supervisor.memory.ffmpegReason, byFfmpeg ? 'no frame!' : undefined)
      t.equal(played.stops(), byFfmpeg ? 1 : 0, JSON.stringify(wishes))
      t.match(supervisor.status(), byFfmpeg ? { state: 'stopping', failure: { code: 'bad-stream' } } : { state: 'running', failure: null, decoder: { failure: { code: 'bad-stream' } } })
    }
  })

  t.test('is shown as ffmpeg reads it, if that takes over before the first picture', async t => {
    const { supervisor, watch, played, exitDecoder, last } = supervise()
    await supervisor.start()
    const { seen } = watch()
    await turn()
    played.track()
    await turn()
    t.equal(played.transcodings.length, 1)
    played.attempts[0]!.onTrack(undefined)
    t.equal(last().stops, 1)
    exitDecoder()
    played.frame()
    t.match(supervisor.stream().state, { kind: 'running' })
    t.match(supervisor.status(), { state: 'running', decoder: null })
    t.match(seen, [{ live: true }])
  })

  t.test('is decoded again at once when somebody starts or restarts it while its decoder waits', async t => {
    const all = supervise()
    const { supervisor, watch, played, exitDecoder } = all
    await all.run()
    watch()
    await turn()
    exitDecoder(1)
    await supervisor.start()
    await turn()
    t.equal(played.transcodings.length, 2)
    exitDecoder(1)
    const restarted = supervisor.restart()
    played.exit()
    await restarted
    await all.connect()
    t.equal(played.transcodings.length, 3)
    t.match(supervisor.status().decoder, { state: 'starting', failure: null })
  })
})
