import { pino } from 'pino'
import { Supervisor } from '../../src/camera/supervisor.js'
import type { LiveCamera } from '../../src/config/registry.js'
import type { Frame } from '../../src/frames/frame.js'
import { FakeClock } from '../fake-clock.js'
import { camera, FakeLaunch, jpeg, pictureOf, turn } from '../fake-launch.js'

/** A camera that sends H.264. The test plays it, and the process that decodes. */
export function supervise (config: Partial<LiveCamera> = {}) {
  const clock = new FakeClock()
  const played = new FakeLaunch(clock)
  const supervisor = new Supervisor({ ...camera, ...config }, played.parts(pino({ level: 'silent' })))
  const last = () => played.transcodings.at(-1)!
  return {
    clock,
    played,
    supervisor,
    last,
    watch (name?: string) {
      const seen: Frame[] = []
      const subscriber = supervisor.stream(name).hub.subscribe({ write (frame, done) { seen.push(frame); done() }, end () {} })
      return { seen, leave: () => { subscriber.end() } }
    },
    /** ffmpeg writes a picture. */
    out: () => { last().onPicture(pictureOf(jpeg, clock.now())) },
    exitDecoder: (code: number | null = 255, signal: NodeJS.Signals | null = null) => { last().onExit({ code, signal, stderr: last().stderr }) },
    /** Time passes while the camera sends pictures and ffmpeg makes JPEGs of them. */
    film (ms: number, step = 1_000, decodes = true) {
      for (let left = ms; left > 0; left -= step) {
        clock.advance(Math.min(left, step))
        played.coded(false)
        if (decodes && last()) last().onPicture(pictureOf(jpeg, clock.now()))
      }
    },
    async connect () {
      await turn()
      played.track()
      played.coded()
      await turn()
    },
    async run () {
      await supervisor.start()
      await this.connect()
    }
  }
}
