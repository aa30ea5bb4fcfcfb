import { pino } from 'pino'
import type { CodedVideo } from '../../src/codec/coded-picture.js'
import type { Track } from '../../src/codec/track.js'
import { CodedHub } from '../../src/coded/coded-hub.js'
import type { LiveCamera } from '../../src/config/registry.js'
import type { Failure } from '../../src/failure/failure.js'
import type { JpegPicture } from '../../src/jpeg/picture.js'
import type { Lifecycle } from '../../src/lifecycle/lifecycle.js'
import { StartLimiter } from '../../src/lifecycle/start-limiter.js'
import type { DecodedFor } from '../../src/decoder/status.js'
import { Decoder } from '../../src/decoder/decoder.js'
import type { HardwareMemory } from '../../src/decoder/hardware-trial.js'
import { FakeClock } from '../fake-clock.js'
import { camera, FakeLaunch, h264Track, jpeg, pictureOf, turn } from '../fake-launch.js'

/** A decoder whose processes and pictures the test controls. */
export function play (config: Partial<LiveCamera> = {}) {
  const clock = new FakeClock()
  const played = new FakeLaunch(clock)
  const lines: Array<{ msg: string, from?: string, to?: string }> = []
  const log = pino({ base: null }, { write: line => { lines.push(JSON.parse(line)) } })
  const coded = new CodedHub(clock)
  const startLimiter = new StartLimiter(clock, 1)
  const memory: HardwareMemory = { failedDecoder: undefined }
  const shown: JpegPicture[] = []
  const undecodable: Failure[] = []
  let reason: DecodedFor = null
  const open = (lifecycle: Lifecycle) => (picture: JpegPicture) => {
    if (!lifecycle.alive) return
    shown.push(picture)
    lifecycle.frame()
  }
  const decoder = new Decoder(coded, {
    camera: { ...camera, ...config },
    memory,
    title: 'Yard, decoder',
    line: { camera: '1' },
    neededFor: () => reason,
    open,
    undecodable: failure => { undecodable.push(failure) }
  }, played.parts(log, startLimiter))
  const last = () => played.transcodings.at(-1)!
  return {
    clock,
    played,
    lines,
    coded,
    startLimiter,
    memory,
    shown,
    undecodable,
    decoder,
    last,
    /** Somebody begins or ceases to need pictures. */
    async need (its: DecodedFor) {
      reason = its
      decoder.update()
      await turn()
    },
    async begin (track: Partial<Track> = {}) {
      coded.begin({ ...h264Track, ...track })
      decoder.update()
      await turn()
    },
    async end () {
      coded.end()
      decoder.update()
      await turn()
    },
    async picture (key: boolean, more: Partial<CodedVideo> = {}) {
      coded.publish({ codec: 'h264', key, damaged: false, bytes: Buffer.from(key ? 'key' : 'next'), at: clock.now(), rtpTime: undefined, ...more })
      await turn()
    },
    /** ffmpeg writes a picture. */
    out () {
      last().isFed = false
      last().onPicture(pictureOf(jpeg, clock.now()))
    },
    exit: (code: number | null = 0, signal: NodeJS.Signals | null = null) => { last().onExit({ code, signal, stderr: last().stderr }) }
  }
}

/** One that is needed and shows pictures. */
export async function running (config: Partial<LiveCamera> = {}) {
  const all = play(config)
  await all.begin()
  await all.picture(true)
  await all.need('viewers')
  all.out()
  return all
}
