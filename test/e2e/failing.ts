import type { Test } from 'tap'
import type { FailureCode } from '../../src/failure/failure.js'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { startSimulator, type Fault, type SimulatedCamera } from '../../src/simulator/simulator.js'
import type { CameraStatus } from '../../src/stream/status.js'
import { secret } from './credentials.js'
import { decodeJpeg } from './picture.js'
import { startService } from './service.js'

/** Faults that last until they are removed, and the failure codes that the camera reports, each once and in this order. */
const outages: Record<string, { fault: Fault, codes: FailureCode[], words: RegExp }> = {
  refuse: { fault: { kind: 'refuse' }, codes: ['refused'], words: /Nothing answers at 127\.0\.0\.1, port \d+\./ },
  silent: { fault: { kind: 'silent' }, codes: ['stalled'], words: /takes connections, but does not answer/ },
  unauthorized: { fault: { kind: 'unauthorized' }, codes: ['auth'], words: /username or password/ },
  'not-found': { fault: { kind: 'not-found' }, codes: ['not-found'], words: /no stream at \/not-found\./ },
  busy: { fault: { kind: 'busy' }, codes: ['busy'], words: /no more viewers/ },
  stall: { fault: { kind: 'stall', after: 1 }, codes: ['stalled'], words: /no pictures/ },
  cut: { fault: { kind: 'cut', after: 1 }, codes: ['exited'], words: /ended the stream/ },
  garbage: { fault: { kind: 'garbage', after: 1 }, codes: ['bad-stream'], words: /cannot be read|has changed the size or depth/ }, // random bytes may be a parameter set
  away: { fault: { kind: 'away', up: 0.1, down: 60 }, codes: ['exited', 'refused'], words: /Nothing answers at 127\.0\.0\.1, port \d+\./ },
  codec: { fault: { kind: 'codec', after: 1 }, codes: ['exited'], words: /ended the stream/ }
}
const failing = Object.keys(outages)
const credentials = { username: secret('admin'), password: secret('pass') }

/** Faults that do not make a camera fail. `fps` is its viewers' rate. */
const oddities: Record<string, { camera?: Partial<SimulatedCamera>, fault?: Fault, fps: [min: number, max: number] }> = {
  resize: { fault: { kind: 'resize', after: 1, width: 640, height: 352 }, fps: [8, 11] },
  'corrupt-h264': { fault: { kind: 'corrupt', after: 1, every: 5 }, fps: [8, 11] },
  'corrupt-mjpeg': { camera: { codec: 'mjpeg' }, fault: { kind: 'corrupt', after: 1, every: 5 }, fps: [6, 11] },
  clock: { fault: { kind: 'clock', every: 1, by: 3_600 }, fps: [8, 11] },
  well: { fps: [8, 11] }
}
const going = Object.keys(oddities)
const all = [...failing, ...going]
const faultOf = (id: string): Fault | null => (outages[id] ?? oddities[id])?.fault ?? null
/** Whether good pictures come before the fault. Before it is set, the service must have shown one: an ffmpeg that starts slowly takes longer than `after`. */
const followsPictures = (id: string) => id === 'away' || 'after' in (faultOf(id) ?? {})

/** The absent camera returns after this many failed attempts, when the waits are long and random. */
const FAILED_ATTEMPTS = 2

/** Cameras with every fault, read by camgate or by ffmpeg: what they report, and how they recover. */
export const cameraThatFails = (ingest: 'direct' | 'ffmpeg') => async (t: Test): Promise<void> => {
  /** An ffmpeg that reads the camera itself makes all JPEGs as large as the first. */
  const sizeOf = (id: string) => id === 'resize' && ingest === 'direct' ? { width: 640, height: 352 } : { width: 320, height: 176 }
  const simulator = await startSimulator({
    ffmpegPath: findFfmpeg()!,
    cameras: all.map(id => ({
      id, name: 'Fault', width: 320, height: 176, fps: 10, auth: id === 'unauthorized' ? 'digest' : 'none', ...credentials, ...oddities[id]?.camera
    }))
  })
  t.teardown(() => simulator.close())
  const setFaults = (ids: string[]) => Promise.all(ids.map(id => simulator.setFault(id, faultOf(id))))
  await setFaults(all.filter(id => !followsPictures(id)))
  const yaml = [`defaults: { fps: 60, decode: always, ingest: ${ingest} }`, 'cameras:', ...all.map(id =>
    `  ${id}: { source: '${simulator.url(id)}'${id === 'unauthorized' ? `, username: ${credentials.username}, password: ${credentials.password}` : ''} }`)].join('\n')
  const service = await startService(t, { config: `${t.testdir({ 'cameras.yaml': yaml })}/cameras.yaml` })
  const linesOf = (id: string, to: string) => service.log.filter(line => line.camera === id && line.to === to)
  const failureOf = ({ failure, decoder }: CameraStatus) => failure ?? decoder?.failure
  const isWell = (camera: CameraStatus) => camera.state === 'running' && (camera.decoder?.state ?? 'running') === 'running' && !failureOf(camera)

  t.test('reports a failure in a sentence and recovers by itself, except from a wrong password', async t => {
    const later = all.filter(followsPictures)
    await service.until(({ cameras }) => later.every(id => isWell(cameras[id]!)), 'the cameras run whose faults come later')
    await setFaults(later)
    const said = new Map<string, string>() // the last message of each
    const lifted = new Map<string, number>()
    const { cameras, status } = await service.until(({ cameras }) => {
      for (const id of failing) {
        const failure = failureOf(cameras[id]!)
        if (failure) said.set(id, failure.message)
        const enough = id === 'away' ? linesOf(id, 'waiting').filter(({ why }) => why === 'refused').length >= FAILED_ATTEMPTS : failure
        if (!enough || id === 'codec' || lifted.has(id)) continue
        lifted.set(id, Date.now())
        void simulator.setFault(id, null)
      }
      return failing.every(id => said.has(id) && (id === 'unauthorized' || isWell(cameras[id]!)))
    }, 'each has failed and is back', 80_000)
    t.same(service.log.filter(({ stack }) => stack !== undefined), [], 'no failure is a mistake in camgate')
    for (const [id, { codes, words }] of Object.entries(outages)) {
      t.same([...new Set(linesOf(id, 'waiting').map(({ why }) => why))], codes, id)
      t.match(said.get(id), id === 'silent' && ingest === 'ffmpeg' ? new RegExp(`${words.source}|sends no pictures`) : words, id) // ffmpeg may start so late that the watchdog comes first
    }
    const back = linesOf('away', 'running').at(-1)!['time'] as number - lifted.get('away')!
    t.ok(back < 35_000, `${back} ms after its return`)
    t.equal(status, 'degraded')
    const { state, since, nextRetryAt } = cameras.unauthorized!
    t.equal(state, 'waiting')
    const waits = Date.parse(nextRetryAt!) - Date.parse(since)
    t.ok(Math.abs(waits - 300_000) < 100, 'a wrong password is not tried again for five minutes')
    await fetch(new URL('start/unauthorized', service.url), { method: 'POST' })
    await service.until(({ status }) => status === 'ok', 'it runs after a start by hand, within a minute', 70_000)
  })

  t.test('with a harmless fault keeps running while others fail', async t => {
    const { cameras } = await service.until(({ cameras }) => going.every(id => {
      const [min, max] = oddities[id]!.fps
      const { fps, framesTotal } = cameras[id]!
      return fps >= min && fps <= max && framesTotal >= 40
    }), 'each has its rate', 60_000)
    for (const id of going) {
      t.match(cameras[id], { state: 'running', failure: null, restarts: 0, ...sizeOf(id) }, id)
      t.same(linesOf(id, 'waiting'), [], id)
    }
  })

  t.test('shows whole pictures after all of this', async t => {
    const copied = 'corrupt-mjpeg' // its damaged pictures are passed on as they are
    await simulator.setFault(copied, null)
    const { cameras: { [copied]: before } } = await service.status()
    await service.until(({ cameras }) => cameras[copied]!.framesTotal >= before!.framesTotal + 5, 'none of the damaged ones is left')
    for (const id of all) {
      const answer = await fetch(new URL(`camera/${id}/snapshot`, service.url))
      t.equal(answer.status, 200, id)
      t.match(decodeJpeg(Buffer.from(await answer.arrayBuffer())), sizeOf(id), id)
    }
  })
}
