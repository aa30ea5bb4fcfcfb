import t from 'tap'
import { STALL_TIMEOUT_MS } from '../../src/lifecycle/lifecycle.js'
import { turn } from '../fake-launch.js'
import { play, running } from './play.js'

t.test('a decoder that fails', async t => {
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

  t.test('is told that it is too slow if this machine has too much to do', async t => {
    const { clock, last, decoder } = await running()
    last().isFed = true
    last().overload = { since: 0, dropped: 1 }
    clock.advance(STALL_TIMEOUT_MS)
    t.match(decoder.state, { kind: 'stopping', goal: { outage: { code: 'stalled', message: /^ffmpeg made no picture that is fresh enough to be shown\. This computer has too much to do/ } } })
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
})
