import type { OutgoingHttpHeaders } from 'node:http'
import type { CamgateAnswer, CamgateQuestion } from '../cli/ask-camgate.js'
import { version } from '../package.js'
import type { CameraStatus } from '../stream/status.js'
import { findingsOfStatus } from './camera-status.js'
import { finding, type Finding } from './finding.js'

export interface ServiceParts {
  readonly host: string
  readonly port: number
  /** The proof, if there is one. */
  readonly headers: OutgoingHttpHeaders | undefined
  readonly ask: (question: CamgateQuestion) => Promise<CamgateAnswer | undefined>
  /** Milliseconds since 1970. */
  readonly now: number
}

/** What a running camgate says. `cameras` has the findings of each camera that it showed us; undefined if its cameras must not be contacted, because it may be reading them. */
export interface ServiceReport {
  readonly isRunning: boolean
  /** Whether it says that it uses its cameras.yaml as that is now. */
  readonly usesFile?: boolean
  readonly cameras: ReadonlyMap<string, readonly Finding[]> | undefined
  readonly findings: readonly Finding[]
}

/** The answer to /status, as far as another version may be trusted to have it. */
interface Answered {
  readonly version: string
  readonly cameras: Readonly<Record<string, CameraStatus>>
  readonly config?: { readonly error: { readonly line: number | null, readonly message: string } | null, readonly restartNeeded?: readonly string[] }
}

const DIAGNOSIS_TIMEOUT_MS = 12_000
const PROOF = 'Give --user NAME (the password is asked for, or CAMGATE_PASSWORD), or a token in CAMGATE_TOKEN.'

/** Asks the camgate that listens here, so that no camera is contacted that it reads. `ids`: the cameras of interest; all, if undefined. Never rejects. */
export async function askService (parts: ServiceParts, ids: readonly string[] | undefined): Promise<ServiceReport> {
  const answer = await parts.ask({ ...address(parts), path: '/status' })
  if (!answer) return { isRunning: false, cameras: undefined, findings: [] }
  if ([401, 403, 429].includes(answer.status)) {
    return { isRunning: true, cameras: undefined, findings: [finding('warning', 'service', 'no-proof', `A camgate listens at port ${parts.port}, and does not show its status to everybody (${answer.status}).`, PROOF, 'Its cameras are not contacted, because it may be reading them.')] }
  }
  const status = readStatus(answer)
  if (!status) return { isRunning: true, cameras: undefined, findings: [finding('error', 'service', 'another-program', `Something answers at port ${parts.port} (${answer.status}), but not as camgate does.`, 'End the other program, or choose another port with server.port.', 'No camera is contacted, because a camgate behind it may be reading them.')] }
  const wanted = Object.entries(status.cameras).filter(([id]) => ids === undefined || ids.includes(id))
  const cameras = new Map(await Promise.all(wanted.map(async ([id, camera]) => [id, await cameraFindings(parts, id, camera)] as const)))
  return { isRunning: true, usesFile: status.config?.error === null, cameras, findings: serviceFindings(status) }
}

const address = ({ host, port, headers }: ServiceParts) => ({ host, port, ...headers && { headers } })

function readStatus ({ status, text }: CamgateAnswer): Answered | undefined {
  const answered = status === 200 ? parsed(text) as Partial<Answered> | undefined : undefined
  return typeof answered?.version === 'string' && typeof answered.cameras === 'object' ? answered as Answered : undefined
}

/** A camera that waits is worth a closer look, which the service takes itself; that needs more rights than its status. */
async function cameraFindings (parts: ServiceParts, id: string, status: CameraStatus): Promise<readonly Finding[]> {
  const known = findingsOfStatus(id, status, parts.now)
  if (status.state !== 'waiting') return known
  const answer = await parts.ask({ ...address(parts), path: `/diagnosis/${id}`, timeoutMs: DIAGNOSIS_TIMEOUT_MS })
  const diagnosis = answer?.status === 200 ? parsed(answer.text) as { findings?: Finding[] } | undefined : undefined
  return Array.isArray(diagnosis?.findings) ? diagnosis.findings : known
}

function serviceFindings ({ version: running, config }: Answered): Finding[] {
  return [
    ...running === version ? [] : [finding('warning', 'service', 'another-version', `The camgate that runs is version ${running}, and this is ${version}.`, 'Start it again.')],
    ...config?.error ? [finding('error', 'service', 'old-configuration', `The camgate that runs goes on with an older configuration, because of${config.error.line === null ? '' : ` line ${config.error.line} of`} the file: ${config.error.message}`, 'Correct the file: it is read again at once.')] : [],
    ...(config?.restartNeeded ?? []).length > 0 ? [finding('warning', 'service', 'restart-needed', `These changes wait for a restart: ${config!.restartNeeded!.join(', ')}.`, 'Start camgate again.')] : []
  ]
}

function parsed (text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
