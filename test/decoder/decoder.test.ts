import { pino } from 'pino'
import t from 'tap'
import type { CodedVideo } from '../../src/codec/coded-picture.js'
import type { Track } from '../../src/codec/track.js'
import { CodedHub } from '../../src/coded/coded-hub.js'
import type { LiveCamera } from '../../src/config/registry.js'
import type { Failure } from '../../src/failure/failure.js'
import type { JpegPicture } from '../../src/jpeg/picture.js'
import { STALL_TIMEOUT_MS, type Lifecycle } from '../../src/lifecycle/lifecycle.js'
import { StartLimiter } from '../../src/lifecycle/start-limiter.js'
import type { DecodedFor } from '../../src/decoder/status.js'
import { Decoder } from '../../src/decoder/decoder.js'
import type { HardwareMemory } from '../../src/decoder/hardware-trial.js'
import { FakeClock } from '../fake-clock.js'
import { camera, FakeLaunch, h264Track, jpeg, pictureOf, turn } from '../fake-launch.js'

const eightBits = h264Track.format!

/** A decoder whose processes and pictures the test controls. */
function play (config: Partial<LiveCamera> = {}) {
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
  const decoder = new Decoder({ ...camera, ...config }, coded, memory, {
    title: 'Yard, decoder', line: { camera: '1' }, neededFor: () => reason, open, undecodable: failure => { undecodable.push(failure) }
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
async function running (config: Partial<LiveCamera> = {}) {
  const all = play(config)
  await all.begin()
  await all.picture(true)
  await all.need('viewers')
  all.out()
  return all
}

t.test('a decoder', async t => {
  t.test('has no process while nobody needs pictures, however many come', async t => {
    const { played, decoder, begin, picture, need } = play()
    await begin()
    for (let i = 0; i < 5; i++) await picture(i === 0)
    t.equal(played.transcodings.length, 0)
    t.match(decoder.report(), { state: { kind: 'idle' }, for: null, decoding: undefined, overload: undefined })
    await need('viewers')
    t.equal(played.transcodings.length, 1)
    t.match(decoder.report(), { state: { kind: 'starting' }, for: 'viewers', decoding: { decoder: 'software' } })
  })

  t.test('is given the group at once, and what follows', async t => {
    const { last, begin, picture, need, shown, out, decoder } = play()
    await begin()
    await picture(true, { bytes: Buffer.from('old') })
    for (const bytes of ['1', '2', '3']) await picture(bytes === '1', { bytes: Buffer.from(bytes) })
    await need('viewers')
    const given = () => last().given.map(({ bytes }) => String(bytes))
    t.same(given(), ['1', '2', '3'])
    await picture(false, { bytes: Buffer.from('4') })
    t.same(given(), ['1', '2', '3', '4'])
    t.match(last().track, { codec: 'h264', format: eightBits })
    t.equal(decoder.state.kind, 'starting')
    out()
    t.equal(decoder.state.kind, 'running')
    t.equal(shown.length, 1)
  })

  t.test('ends its process when nobody needs it, and gives it nothing more', async t => {
    const { last, need, picture, decoder, exit, shown, out, played, clock } = await running()
    await need('linger')
    t.equal(last().stops, 0)
    await need(null)
    t.equal(last().stops, 1)
    await picture(false)
    t.equal(last().given.length, 1)
    out()
    t.equal(shown.length, 1)
    let isSettled = false
    const settled = decoder.settled().then(() => { isSettled = true })
    await turn()
    t.notOk(isSettled)
    exit(255)
    await settled
    t.equal(decoder.state.kind, 'idle')
    t.equal(played.transcodings.length, 1)
    t.equal(clock.pending, 0)
  })

  t.test('starts again if it is needed while it ends', async t => {
    const { need, exit, decoder, played, last } = await running()
    await need(null)
    await need('viewers')
    t.equal(decoder.state.kind, 'starting', 'as viewers see it')
    t.equal(played.transcodings.length, 1)
    exit(255)
    await turn()
    t.equal(played.transcodings.length, 2)
    t.equal(last().given.length, 1, 'the group')
  })

  t.test('never starts if it is not needed any more when its turn comes', async t => {
    const { begin, picture, need, played, decoder, startLimiter } = play()
    const leave = startLimiter.enter(() => {})
    await begin()
    await picture(true)
    await need('viewers')
    t.equal(decoder.state.kind, 'starting')
    await need(null)
    t.equal(decoder.state.kind, 'idle')
    leave()
    await turn()
    t.equal(played.transcodings.length, 0)
  })

  t.test('does not start before the format is known, or a picture has come', async t => {
    const { begin, picture, need, played, last } = play()
    await need('viewers')
    await begin({ format: undefined })
    t.equal(played.transcodings.length, 0)
    await picture(true, { format: { ...eightBits, depth: 10 } })
    t.equal(played.transcodings.length, 1, 'without being told')
    t.match(last(), { track: { format: { depth: 10 } }, stops: 0 })
    t.equal(last().given.length, 1)
    const unreadable = play()
    await unreadable.need('viewers')
    await unreadable.begin({ format: undefined })
    await unreadable.picture(true)
    unreadable.decoder.update() // the camera runs
    await turn()
    t.match(unreadable.last(), { track: { codec: 'h264', format: undefined } })
  })

  t.test('starts at once if the camera has announced the format', async t => {
    const { begin, need, played } = play()
    await need('viewers')
    await begin()
    t.equal(played.transcodings.length, 1)
  })

  t.test('is restarted for another depth, and begins with the picture that has it', async t => {
    const { picture, played, last, decoder, exit } = await running()
    await picture(true, { format: { ...eightBits, width: 32 } })
    t.equal(last().stops, 0, 'another size needs no restart')
    await picture(false)
    t.equal(last().given.length, 3)
    await picture(true, { format: { ...eightBits, depth: 10 } })
    t.equal(last().stops, 1)
    t.equal(last().given.length, 3)
    t.equal(decoder.state.kind, 'starting')
    await picture(false)
    exit(255)
    await turn()
    t.equal(played.transcodings.length, 2)
    t.match(last(), { track: { format: { depth: 10 } }, stops: 0 })
    t.same(last().given.map(({ key }) => key), [true, false])
  })

  t.test('ends with the camera\'s connection, and starts again with the next one', async t => {
    const { end, begin, picture, played, last, exit, decoder } = await running()
    await end()
    t.equal(last().stops, 1)
    exit(255)
    t.equal(decoder.state.kind, 'idle')
    await begin()
    await picture(true)
    t.equal(played.transcodings.length, 2)
    t.equal(last().given.length, 1)
    await end()
    exit(255)
    await begin({ codec: 'h265' })
    t.match(last().track, { codec: 'h265' })
  })

  t.test('fails by itself, and tries again after a while', async t => {
    const { exit, decoder, clock, played, lines, picture, last, out, shown } = await running()
    exit(null, 'SIGKILL')
    const outage = { code: 'exited', message: 'ffmpeg was ended by SIGKILL.' }
    t.match(decoder.state, { kind: 'waiting', outage, retryAt: 1_000 })
    t.match(lines.at(-1), { camera: '1', from: 'running', to: 'waiting', msg: 'Yard, decoder: ffmpeg was ended by SIGKILL. Next try in 1 s.' })
    await picture(false)
    t.equal(last().given.length, 1, 'the dead one is given nothing')
    decoder.update()
    await turn()
    t.equal(played.transcodings.length, 1, 'a viewer does not cut the wait short')
    clock.advance(999)
    await turn()
    t.equal(played.transcodings.length, 1)
    clock.advance(1)
    await turn()
    t.equal(played.transcodings.length, 2)
    t.match(decoder.state, { kind: 'starting', attempt: 2, outage })
    t.equal(last().given.length, 2, 'the group')
    out()
    t.equal(decoder.state.kind, 'running')
    t.equal(shown.length, 2)
  })

  t.test('goes idle after a wait if nobody needs it then', async t => {
    const { exit, need, decoder, clock, played } = await running()
    exit(1)
    await need(null)
    t.equal(decoder.state.kind, 'waiting')
    t.notOk(decoder.isActive)
    clock.advance(1_000)
    t.equal(decoder.state.kind, 'idle')
    t.equal(played.transcodings.length, 1)
  })

  t.test('shows why ffmpeg ended without a picture', async t => {
    const { begin, picture, need, last, exit, decoder } = play()
    await begin()
    await picture(true)
    await need('viewers')
    last().stderr.push('[h264 @ 0x1] [error] no frame!')
    exit(1)
    t.match(decoder.state, { kind: 'waiting', outage: { code: 'bad-stream', message: /no frame!/ } })
  })

  t.test('is broken if ffmpeg\'s output cannot be shown', async t => {
    const { last, decoder, exit } = await running()
    last().onBroken(new Error('no JPEG'))
    t.equal(last().stops, 1)
    exit(255)
    t.match(decoder.state, { kind: 'waiting', outage: { code: 'bad-stream' } })
  })

  t.test('is not blamed while nothing is due', async t => {
    const { clock, last, decoder } = await running()
    for (let i = 0; i < 3; i++) clock.advance(STALL_TIMEOUT_MS)
    t.match([decoder.state.kind, last().stops], ['running', 0])
    last().isFed = true
    clock.advance(STALL_TIMEOUT_MS)
    t.equal(last().stops, 1)
    t.match(decoder.state, { kind: 'stopping', goal: { outage: { code: 'stalled', message: 'ffmpeg makes no pictures from what the camera sends.' } } })
  })

  t.test('gives an ffmpeg that complains of nothing twice the time for its first picture', async t => {
    const { begin, picture, need, last, clock, decoder } = play()
    await begin()
    await picture(true)
    await need('viewers')
    last().isFed = true
    clock.advance(STALL_TIMEOUT_MS)
    t.match([decoder.state.kind, last().stops], ['starting', 0])
    clock.advance(STALL_TIMEOUT_MS)
    t.match(decoder.state, { kind: 'stopping', goal: { outage: { code: 'stalled' } } })
    t.equal(last().stops, 1)
  })

  t.test('declares the camera undecodable only if software shows nothing of it', async t => {
    const complaint = '[h264 @ 0x1] [error] no frame!'
    const hang = async (all: ReturnType<typeof play>) => {
      await all.begin()
      await all.picture(true)
      await all.need('viewers')
      all.last().isFed = true
      all.last().stderr.push(complaint)
      all.clock.advance(STALL_TIMEOUT_MS)
    }
    const software = play()
    await hang(software)
    t.match(software.undecodable, [{ code: 'bad-stream', notUnderstood: 'no frame!' }])
    t.match(software.decoder.state, { kind: 'stopping', goal: { outage: { code: 'bad-stream' } } })

    const shows = await running()
    shows.last().isFed = true
    shows.last().stderr.push(complaint)
    shows.clock.advance(STALL_TIMEOUT_MS)
    t.equal(shows.last().stops, 1)
    t.same(shows.undecodable, [], 'it has shown pictures')

    const silent = play()
    await silent.begin()
    await silent.picture(true)
    await silent.need('viewers')
    silent.last().isFed = true
    silent.clock.advance(2 * STALL_TIMEOUT_MS)
    t.equal(silent.decoder.state.kind, 'stopping')
    t.same(silent.undecodable, [], 'ffmpeg complains of nothing')

    const hardware = play({ hwaccel: 'vaapi' })
    await hang(hardware)
    t.same(hardware.undecodable, [], 'it may be the fault of the hardware')
    t.equal(hardware.memory.failedDecoder, 'vaapi')
    hardware.exit(255)
    hardware.clock.advance(1_000)
    await turn()
    t.match(hardware.last(), { camera: { hwaccel: 'none' }, stops: 0 })
    t.match(hardware.decoder.report().decoding, { decoder: 'software', notes: ['Yard is decoded in software, because vaapi made no picture from what it sends.'] })
    hardware.last().isFed = true
    hardware.last().stderr.push(complaint)
    hardware.clock.advance(STALL_TIMEOUT_MS)
    t.match(hardware.undecodable, [{ notUnderstood: 'no frame!' }])
    t.equal(hardware.memory.failedDecoder, undefined, 'the hardware is used again')
  })

  t.test('decodes in software the next time if hardware ended by its own fault', async t => {
    const { begin, picture, need, exit, clock, last, memory, out, lines } = play({ hwaccel: 'vaapi' })
    await begin()
    await picture(true)
    await need('viewers')
    exit(1)
    t.equal(memory.failedDecoder, 'vaapi')
    clock.advance(1_000)
    await turn()
    t.equal(last().camera.hwaccel, 'none')
    const before = lines.length
    out()
    t.match(lines.slice(before), [{ msg: /^Yard is decoded in software/ }, { to: 'running' }])
  })

  t.test('goes on with hardware that has shown a picture', async t => {
    const { exit, memory } = await running({ hwaccel: 'vaapi' })
    exit(1)
    t.equal(memory.failedDecoder, undefined)
  })

  t.test('starts nothing any more once it is closed', async t => {
    const { decoder, exit, clock, need, played, picture } = await running()
    exit(1)
    decoder.close()
    t.equal(decoder.state.kind, 'stopped')
    t.equal(clock.pending, 0)
    await need('viewers')
    await picture(true, { format: { ...eightBits, depth: 10 } })
    clock.advance(60_000)
    await turn()
    t.equal(played.transcodings.length, 1)
    const all = await running()
    all.decoder.close()
    t.equal(all.last().stops, 1)
    all.exit(255)
    await all.decoder.settled()
    t.equal(all.decoder.state.kind, 'stopped')
  })

  t.test('is active while it makes pictures, or will without having failed', async t => {
    const { decoder, begin, picture, need, exit } = play()
    await begin()
    await picture(true)
    t.notOk(decoder.isActive, 'nobody needs it')
    await need('viewers')
    t.ok(decoder.isActive)
    exit(1)
    t.notOk(decoder.isActive)
    const reconnecting = play()
    reconnecting.coded.begin(h264Track)
    t.notOk(reconnecting.decoder.isActive)
    await reconnecting.need('viewers')
    await reconnecting.end()
    reconnecting.exit(255)
    t.notOk(reconnecting.decoder.isActive, 'there is nothing to decode')
    reconnecting.coded.begin(h264Track)
    t.equal(reconnecting.decoder.state.kind, 'idle')
    t.ok(reconnecting.decoder.isActive, 'it is about to start')
  })
})
