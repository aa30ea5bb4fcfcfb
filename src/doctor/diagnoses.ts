import { isDeepStrictEqual } from 'node:util'
import { Type, type Static } from 'typebox'
import type { Supervisor } from '../camera/supervisor.js'
import { wallTimeOf, type Clock } from '../clock.js'
import type { FailureCode } from '../failure/failure.js'
import { IsoTime, nullable } from '../json-schema.js'
import { isAlive } from '../lifecycle/state.js'
import { probeCamera, type Probed, type ProbeParts } from '../probe/probe.js'
import { ProbeReportSchema, type ProbeReport } from '../probe/report.js'
import { isOfNetwork, type NetworkCamera } from '../probe/target.js'
import { findingsOfReport } from './camera-report.js'
import { findingsOfStatus } from './camera-status.js'
import { finding, FindingSchema, worstFirst, type Finding } from './finding.js'

export const DiagnosisSchema = Type.Object({
  id: Type.String(),
  findings: Type.Array(FindingSchema, { description: 'Worst first, and never empty' }),
  askedAt: nullable(IsoTime, 'When the camera was asked for this; null if it was not, because what camgate knows of it is enough'),
  report: nullable(ProbeReportSchema, 'What the camera answered')
})
export type Diagnosis = Static<typeof DiagnosisSchema>

/** An answer is promised within ten seconds. */
const PROBE_TIMEOUT_MS = 8_500
/** A login by hand is possible once a minute, as with Start. */
const MIN_LOGIN_INTERVAL_MS = 60_000
const MIN_PROBE_INTERVAL_MS = 5_000
/** Each opens up to a dozen connections: when a switch fails, somebody may ask about hundreds of cameras at the same time. */
const MAX_PROBES_AT_ONCE = 16

/** Of these, a look at the camera may say more than the attempt that has just failed. With the others it would harm: a refused password, a camera without a place for another viewer. */
const WORTH_ASKING: ReadonlySet<string> = new Set(['refused', 'unreachable', 'not-found', 'unsupported', 'stalled', 'bad-stream', 'exited'] satisfies FailureCode[])

interface Asked { readonly camera: NetworkCamera, readonly at: number, readonly report: Promise<ProbeReport | undefined> }

/** Why cameras show no picture. Asks a camera itself only while camgate does not read it and waits to try again: at most one question at a time, and seldom. */
export class Diagnoses {
  readonly #clock: Clock
  readonly #probe: (camera: NetworkCamera, parts: ProbeParts) => Promise<Probed>
  /** By supervisor, so that nothing survives a camera that is replaced. */
  readonly #asked = new WeakMap<Supervisor, Asked>()
  /** How many cameras are being looked at. */
  #probes = 0

  constructor (clock: Clock, probe: typeof probeCamera = probeCamera) {
    this.#clock = clock
    this.#probe = probe
  }

  async of (supervisor: Supervisor): Promise<Diagnosis> {
    const { id } = supervisor.camera
    const asked = this.#ask(supervisor)
    const report = await asked?.report
    const known = findingsOfStatus(id, supervisor.status(), this.#clock.wall())
    const findings = report && !isAlive(supervisor.state) ? merged(id, known, report) : known
    return { id, findings: worstFirst(findings), askedAt: asked && report ? new Date(wallTimeOf(this.#clock, asked.at)).toISOString() : null, report: report ?? null }
  }

  /** The question that is being asked, or was a moment ago; undefined if none may be. */
  #ask (supervisor: Supervisor): Asked | undefined {
    const { camera, state } = supervisor
    if (state.kind !== 'waiting' || state.refusal !== undefined || !WORTH_ASKING.has(state.outage.code) || !isOfNetwork(camera)) return undefined
    const before = this.#asked.get(supervisor)
    const isSame = before && isDeepStrictEqual(addressed(before.camera), addressed(camera)) // what a former address or password answered explains nothing
    if (isSame && this.#clock.now() - before.at < (camera.credentials ? MIN_LOGIN_INTERVAL_MS : MIN_PROBE_INTERVAL_MS)) return before
    if (this.#probes >= MAX_PROBES_AT_ONCE) return undefined
    const asked = { camera, at: this.#clock.now(), report: this.#look(supervisor, camera) }
    this.#asked.set(supervisor, asked)
    return asked
  }

  /** Undefined if the camera's next attempt came first: the two would be in each other's way. */
  async #look (supervisor: Supervisor, camera: NetworkCamera): Promise<ProbeReport | undefined> {
    const ending = new AbortController()
    let isOvertaken = false
    const changed = () => {
      isOvertaken ||= supervisor.state.kind !== 'waiting'
      if (isOvertaken) ending.abort()
    }
    supervisor.on('change', changed)
    this.#probes++
    const cancel = this.#clock.after(PROBE_TIMEOUT_MS, () => ending.abort())
    try {
      const { report } = await this.#probe(camera, { clock: this.#clock, signal: ending.signal, asksPorts: true, known: supervisor.memory })
      return isOvertaken ? undefined : report
    } finally {
      this.#probes--
      cancel()
      supervisor.off('change', changed)
    }
  }
}

const addressed = ({ source, credentials }: NetworkCamera) => ({ source, credentials })

/** What the camera answered just now takes the place of what its last attempt met. */
function merged (id: string, known: readonly Finding[], report: ProbeReport): Finding[] {
  const answered = findingsOfReport(id, report)
  const others = known.filter(({ level }) => level !== 'error')
  if (report.failure) return [...others, ...answered]
  const before = known.filter(({ level }) => level === 'error').map(({ what }) => what).join(' ')
  return [finding('warning', `camera ${id}`, 'answers-now', 'The camera has just shown a picture: the next try should do the same.', 'Press Start to try at once.', `Before, this was wrong: ${before}`), ...others, ...answered]
}
