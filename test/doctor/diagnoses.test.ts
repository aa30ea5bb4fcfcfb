import { pino } from 'pino'
import t from 'tap'
import { Fleet } from '../../src/camera/fleet.js'
import type { LiveCamera } from '../../src/config/registry.js'
import { Diagnoses } from '../../src/doctor/diagnoses.js'
import type { FailureCode } from '../../src/failure/failure.js'
import type { Probed, ProbeParts } from '../../src/probe/probe.js'
import type { ProbeReport } from '../../src/probe/report.js'
import type { NetworkCamera } from '../../src/probe/target.js'
import { secret } from '../e2e/credentials.js'
import { until } from '../e2e/until.js'
import { FakeClock } from '../fake-clock.js'
import { camera, FakeLaunch, turn } from '../fake-launch.js'

const nothing: ProbeReport = {
  ...{ address: 'rtsp://127.0.0.1/1', failure: null, protocol: null, login: 'unknown', firstPictureMs: null, video: null, sound: null, tcp: null, udp: null },
  ...{ streams: [], ports: [], clockOffMs: null, cost: null, todo: [] }
}

/** A camera, and probes that the test answers. */
async function begin (some: Partial<LiveCamera> = {}) {
  const clock = new FakeClock()
  const played = new FakeLaunch(clock)
  const fleet = new Fleet([{ ...camera, ...some }], played.parts(pino({ level: 'silent' })))
  fleet.start()
  await turn()
  const probes: Array<ProbeParts & { answer: (report: Partial<ProbeReport>) => void }> = []
  const probe = (camera: NetworkCamera, parts: ProbeParts) => new Promise<Probed>(resolve => {
    probes.push({ ...parts, answer: report => resolve({ report: { ...nothing, ...report }, camera, key: undefined }) })
  })
  const supervisor = fleet.get('1')
  const diagnoses = new Diagnoses(clock, probe)
  const fail = (code: FailureCode, more = {}) => played.attempts.at(-1)!.onExit({ code, message: `It is ${code}.`, ...more })
  return { clock, played, fleet, supervisor, probes, fail, diagnosis: () => diagnoses.of(supervisor) }
}

t.test('a diagnosis', async t => {
  t.test('does not contact a camera that is read, or is being connected', async t => {
    const { played, probes, diagnosis } = await begin()
    t.match(await diagnosis(), { id: '1', findings: [{ code: 'starting' }], askedAt: null, report: null })
    played.frame()
    t.match(await diagnosis(), { findings: [{ code: 'fine' }], askedAt: null })
    t.equal(probes.length, 0)
  })
  t.test('does not contact a camera that is stopped', async t => {
    const { fleet, played, probes, supervisor, diagnosis } = await begin()
    const stopped = supervisor.stop()
    played.exit()
    await stopped
    t.match(await diagnosis(), { findings: [{ code: 'stopped' }], askedAt: null })
    t.equal(probes.length, 0)
    await fleet.stop()
  })
  for (const [code, more] of [['auth', { locks: true }], ['auth', {}], ['busy', {}], ['stalled', { unanswered: true }], ['dns', {}]] as const) {
    t.test(`does not contact a camera whose attempt ended with ${code} ${Object.keys(more).join('')}`, async t => {
      const { probes, fail, diagnosis } = await begin({ credentials: { username: 'admin', password: secret('p') } })
      fail(code, more)
      t.match(await diagnosis(), { findings: [{ level: 'error', code }], report: null })
      t.equal(probes.length, 0)
    })
  }
  t.test('asks a camera that waits, and says what it answers', async t => {
    const { probes, fail, diagnosis, supervisor } = await begin()
    fail('refused')
    const asked = diagnosis()
    t.equal(probes.length, 1)
    t.equal(probes[0]!.known, supervisor.memory, 'it is not shown a password by Basic after it has asked for Digest')
    probes[0]!.answer({ failure: { code: 'refused', message: 'Now.' }, todo: ['Try 8554.'] })
    t.match(await asked, { findings: [{ level: 'error', code: 'refused', what: 'Now.', todo: ['Try 8554.'] }], askedAt: '2026-01-01T00:00:00.000Z', report: { failure: { code: 'refused' } } })
  })
  t.test('says that the camera answers now', async t => {
    const { probes, fail, diagnosis } = await begin()
    fail('refused')
    const asked = diagnosis()
    probes[0]!.answer({})
    t.match(await asked, { findings: [{ level: 'warning', code: 'answers-now', why: /It is refused\./ }] })
  })
  t.test('asks once for all who want to know, and again after a while', async t => {
    const { clock, probes, fail, supervisor, played, diagnosis } = await begin()
    fail('refused')
    const both = [diagnosis(), diagnosis()]
    t.equal(probes.length, 1)
    probes[0]!.answer({ failure: { code: 'refused', message: 'First.' } })
    t.match(await Promise.all(both), [{ findings: [{ what: 'First.' }] }, { findings: [{ what: 'First.' }] }])
    t.match(await diagnosis(), { findings: [{ what: 'First.' }] })
    for (let tries = 0; tries < 20 && (clock.now() <= 5_000 || supervisor.state.kind !== 'waiting'); tries++) {
      clock.advance(1_000)
      await turn()
      if (supervisor.state.kind === 'starting' && played.attempts.length > 0) fail('refused')
    }
    void diagnosis()
    t.equal(probes.length, 2)
  })
  t.test('asks a camera with a password once a minute', async t => {
    const { clock, probes, fail, diagnosis, supervisor } = await begin({ credentials: { username: 'admin', password: secret('p') } })
    const secondsOfWaiting = async (seconds: number) => {
      for (let second = 0; second < seconds || supervisor.state.kind !== 'waiting'; second++) {
        clock.advance(1_000)
        await turn()
        if (supervisor.state.kind === 'starting') fail('refused')
      }
    }
    fail('refused')
    const asked = diagnosis()
    probes[0]!.answer({ failure: { code: 'refused', message: 'First.' } })
    await asked
    await secondsOfWaiting(50)
    t.match(await diagnosis(), { findings: [{ what: 'First.' }], askedAt: '2026-01-01T00:00:00.000Z' })
    t.equal(probes.length, 1)
    await secondsOfWaiting(11)
    void diagnosis()
    t.equal(probes.length, 2)
  })
  t.test('looks at a few cameras at a time, whoever asks about how many', async t => {
    const clock = new FakeClock()
    const played = new FakeLaunch(clock)
    const fleet = new Fleet(Array.from({ length: 40 }, (_, index) => ({ ...camera, id: `c${index}` })), played.parts(pino({ level: 'silent' })))
    fleet.start()
    await until('all are starting', async () => {
      await turn()
      clock.advance(100)
      return played.attempts.length === 40
    })
    for (const attempt of played.attempts) attempt.onExit({ code: 'unreachable', message: 'It is away.' })
    const answers: Array<() => void> = []
    const diagnoses = new Diagnoses(clock, camera => new Promise(resolve => { answers.push(() => resolve({ report: nothing, camera, key: undefined })) }))
    const asked = fleet.all.map(supervisor => diagnoses.of(supervisor))
    t.equal(answers.length, 16)
    t.match(await asked.at(-1), { findings: [{ code: 'unreachable' }], askedAt: null })
    for (const answer of answers.splice(0)) answer()
    await Promise.all(asked)
    void diagnoses.of(fleet.get('c39'))
    t.equal(answers.length, 1)
  })
  t.test('does not answer for a former address', async t => {
    const { fail, fleet, played, probes, diagnosis } = await begin({ credentials: { username: 'admin', password: secret('p') } })
    fail('refused')
    const asked = diagnosis()
    probes[0]!.answer({ failure: { code: 'refused', message: 'There.' } })
    await asked
    fleet.apply([{ ...camera, credentials: { username: 'admin', password: secret('p') }, source: { type: 'rtsp', url: 'rtsp://127.0.0.2/1' } }])
    await turn()
    played.attempts.at(-1)!.onExit({ code: 'refused', message: 'It is refused.' })
    const again = diagnosis()
    t.equal(probes.length, 2)
    probes[1]!.answer({ failure: { code: 'refused', message: 'Here.' } })
    t.match(await again, { findings: [{ what: 'Here.' }] })
  })
  t.test('lets go of the camera when its next attempt begins', async t => {
    const { clock, probes, fail, diagnosis } = await begin()
    fail('refused')
    const asked = diagnosis()
    t.equal(probes[0]!.signal.aborted, false)
    for (let tries = 0; tries < 5; tries++) {
      clock.advance(1_000)
      await turn()
    }
    t.equal(probes[0]!.signal.aborted, true)
    probes[0]!.answer({ failure: { code: 'stalled', message: 'It was given up.' } })
    t.match(await asked, { findings: [{ code: 'refused' }], askedAt: null, report: null })
  })
})
