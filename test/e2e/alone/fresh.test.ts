import { join } from 'node:path'
import t, { type Test } from 'tap'
import { findFfmpeg } from '../../../src/ffmpeg/binary.js'
import { startSimulator, type Simulator } from '../../../src/simulator/simulator.js'
import { small } from '../../simulator/small.js'
import { Ages } from '../ages.js'
import { ffmpeg7, noFfmpeg7, servesWithFfmpeg7 } from '../ffmpeg-7.js'
import { losesOnlyAMoment } from '../hitch.js'
import { NetworkNamespace, noFirewall, noNetem } from '../network-namespace.js'
import { startService, type ServiceOptions } from '../service.js'
import { isTooMuchFor } from '../too-much.js'

/** Long enough that no number in a picture appears twice. */
const clipSeconds = 10

// Those that take longest begin first, so that no service starts while they measure at their end.
t.test('a camera that is read directly', { jobs: 4, timeout: 120_000 }, async t => {
  t.test('drops pictures and shows no old ones while this machine cannot decode them all', { buffered: true, timeout: 60_000 }, t => isTooMuchFor(t, findFfmpeg()!))

  t.test('drops pictures and shows no old ones with ffmpeg 7 either', { skip: noFfmpeg7, buffered: true, timeout: 60_000 }, t => isTooMuchFor(t, ffmpeg7))

  t.test('loses only the moment when its ffmpeg stands still, however far the next key picture is', { buffered: true }, t => losesOnlyAMoment(t, findFfmpeg()!))

  t.test('loses only that moment with ffmpeg 7 too', { skip: noFfmpeg7, buffered: true }, t => losesOnlyAMoment(t, ffmpeg7))

  t.test('by UDP keeps running when the camera loses and reorders packets', { buffered: true }, async t => {
    const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, cameras: [{ ...small, id: '1', clipSeconds, quirks: ['lossy', 'reordered'] }] })
    t.teardown(() => simulator.close())
    await keepsRunning(t, simulator, {})
  })

  t.test('by UDP keeps running when the network loses 5 % of the packets, and the camera reorders others', { skip: noFirewall, buffered: true }, async t => {
    const inside = new NetworkNamespace(t)
    const { here, there } = inside.link()
    const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, host: here, cameras: [{ ...small, id: '1', clipSeconds, codec: 'mjpeg', quirks: ['reordered'] }] })
    t.teardown(() => simulator.close())
    inside.lose(5)
    await keepsRunning(t, simulator, { args: ['--host', there], env: { CAMGATE_AUTH: 'none' }, prefix: inside.enter })
  })

  t.test('by UDP keeps running when the network loses and reorders packets', { skip: noNetem, buffered: true }, async t => {
    const inside = new NetworkNamespace(t)
    const { here, there, device } = inside.link()
    inside.impair(device, 'loss', '5%', 'reorder', '25%', 'delay', '10ms')
    const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, host: here, cameras: [{ ...small, id: '1', clipSeconds }] })
    t.teardown(() => simulator.close())
    await keepsRunning(t, simulator, { args: ['--host', there], env: { CAMGATE_AUTH: 'none' }, prefix: inside.enter })
  })

  t.test('and other cameras with ffmpeg 7', { skip: noFfmpeg7, buffered: true }, servesWithFfmpeg7)
})

async function keepsRunning (t: Test, simulator: Simulator, how: Pick<ServiceOptions, 'args' | 'env' | 'prefix'>): Promise<void> {
  const ages = new Ages(t, simulator, '1', clipSeconds * small.fps)
  const service = await startService(t, { config: join(t.testdir({ 'cameras.yaml': JSON.stringify({ cameras: { 1: { source: simulator.url('1'), transport: 'udp', fps: 60, decode: 'always' } } }) }), 'cameras.yaml'), ...how })
  await service.until(({ cameras }) => (cameras[1]!.input?.picturesDamaged ?? 0) > 0, 'a picture was damaged')
  const seen = await ages.seen(t, service, 5_000)
  t.ok(seen.length > 40, `${seen.length} pictures`)
  t.ok(seen.every(age => age < 1_000), `${seen.join(' ')} ms old`) // NaN for a picture that was never sent
  const { input, state, restarts } = (await service.status()).cameras[1]!
  t.match({ state, restarts, transport: input!.transport }, { state: 'running', restarts: 0, transport: 'udp' })
  t.ok(input!.packetsLost! > 0 && input!.picturesDamaged! > 0, `${input!.packetsLost} packets lost, ${input!.picturesDamaged} pictures damaged`)
}
