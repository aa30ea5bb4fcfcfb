import { CameraMemory } from '../capture/camera-memory.js'
import { httpReader, rtspReader } from '../capture/readers.js'
import type { Clock } from '../clock.js'
import type { CodedPicture } from '../codec/coded-picture.js'
import type { Failure } from '../failure/failure.js'
import { failure as sharedFailure } from '../failure/sentences.js'
import { besideAuthMemory } from '../http-auth/authorizer.js'
import type { Reader, ReaderEvents } from '../ingest/reader.js'
import { shownUrl } from '../sources/url.js'
import { costOf } from './cost.js'
import type { Described } from './describe.js'
import { askFurther, lookElsewhere, otherPorts, type Further, type RtspCamera, type Wanted } from './further.js'
import { readShortly, type Reading } from './reading.js'
import type { ProbeReport, VideoReport } from './report.js'
import { streamReport } from './streams.js'
import type { NetworkCamera } from './target.js'
import { todoOf } from './todo.js'

export interface ProbeParts {
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Whether to ask which other ports of the camera answer if its own does not. */
  readonly asksPorts: boolean
  /** Told what is being done, for a person who waits. */
  readonly progress?: (what: string) => void
  /** What a camgate that reads the camera knows of its logins. If it has asked for Digest, whoever now asks for Basic does not get the password. */
  readonly known?: Pick<CameraMemory, 'auth'> | undefined
}

export interface Probed {
  readonly report: ProbeReport
  readonly camera: NetworkCamera
  /** A picture that can be decoded by itself, if one came. */
  readonly key: CodedPicture | undefined
}

/** A limit for each timer of the client: a person waits, not a service. */
const MAX_WAIT_MS = 4_500

/** Looks at one camera: reads it for a moment, with one login, and asks for its other streams. Contacts no other host. Never rejects. */
export async function probeCamera (camera: NetworkCamera, parts: ProbeParts): Promise<Probed> {
  const memory = new CameraMemory(camera, parts.known && besideAuthMemory(parts.known.auth))
  const hurried = { ...parts, clock: hurriedClock(parts.clock), memory }
  const begun = parts.clock.now()
  const isRtsp = camera.source.type === 'rtsp'
  const rtsp = isRtsp ? camera as RtspCamera : undefined
  parts.progress?.(`reading ${shownUrl(camera.source.url)}`)
  let further: Promise<Further> | undefined
  const reading = await readShortly(openerOf(camera, memory, hurried.clock), {
    ...parts,
    memory,
    onFirst () { if (rtsp) further = askFurther(rtsp, hurried) }
  })
  const { failure } = reading
  const { found, udp } = await (further ?? lookElsewhere(rtsp, failure, hurried))
  const isWrongPort = failure && PORT_FAILURES.has(failure.code) && parts.clock.now() - begun < HANG_UP_MS
  const ports = parts.asksPorts && isWrongPort ? await otherPorts(camera, hurried) : []
  const report = reportOf(camera, reading, { found, udp }, parts.clock, memory)
  const whole = { ...report, ports }
  return { report: { ...whole, todo: todoOf(whole, camera) }, camera, key: reading.key }
}

/** After these, it is worth knowing what else answers at the camera, if it failed at once: a camera that is silent for longer was asked at the right port. */
const PORT_FAILURES: ReadonlySet<string> = new Set(['refused', 'unsupported', 'bad-stream', 'stalled'] satisfies Array<Failure['code']>)
const HANG_UP_MS = 2_000

const hurriedClock = (clock: Clock): Clock => ({ now: () => clock.now(), wall: () => clock.wall(), after: (ms, fn) => clock.after(Math.min(ms, MAX_WAIT_MS), fn) })

function openerOf (camera: NetworkCamera, memory: CameraMemory, clock: Clock): (events: ReaderEvents<Failure>) => Reader {
  const { source } = camera
  return source.type === 'rtsp' ? rtspReader({ ...camera, source }, memory, clock) : httpReader({ ...camera, source }, memory, clock)
}

function reportOf (camera: NetworkCamera, { failure, track, report, ...reading }: Reading, { found, udp }: Further, clock: Clock, memory: CameraMemory): Omit<ProbeReport, 'ports' | 'todo'> {
  const hasPicture = reading.firstPictureMs !== undefined
  const shown = failure ?? (hasPicture ? undefined : sharedFailure('stalled', memory.target)) // it was given up
  const video: VideoReport | null = track && hasPicture
    ? {
        ...{ codec: track.codec, profile: report?.profile ?? null, width: report?.width ?? null, height: report?.height ?? null },
        fps: reading.fps === undefined ? null : Math.round(10 * reading.fps) / 10,
        keyIntervalMs: reading.keyIntervalMs ?? null,
        bitsPerSecond: report?.bitsPerSecond || null
      }
    : null
  const isRtsp = camera.source.type === 'rtsp'
  return {
    address: shownUrl(camera.source.url),
    failure: shown ? { code: shown.code, message: shown.message } : null,
    protocol: track ? schemeOf(camera) : null,
    login: loginOf(failure, track !== undefined, memory, camera),
    firstPictureMs: reading.firstPictureMs ?? null,
    ...{ video, udp, sound: found.find(({ of }) => of.url === camera.source.url)?.sound.slice() ?? null },
    tcp: isRtsp && hasPicture ? report?.transport === 'tcp' : null,
    streams: found.filter(isOfMaker).map(streamReport),
    clockOffMs: report?.cameraTime === undefined ? null : Math.round(report.cameraTime - clock.wall()),
    cost: video && costOf(video)
  }
}

const isOfMaker = (described: Described<Wanted>): described is Parameters<typeof streamReport>[0] => described.of.maker !== undefined

const schemeOf = ({ source: { url } }: NetworkCamera) => /^[a-z]+/.exec(url)![0] as 'rtsp' | 'rtsps' | 'http' | 'https'

function loginOf (failure: Failure | undefined, isAnswered: boolean, { auth: { scheme } }: CameraMemory, { credentials }: NetworkCamera): ProbeReport['login'] {
  if (failure?.code === 'auth') return credentials ? 'refused' : 'missing'
  if (scheme && (isAnswered || failure?.code === 'not-found')) return scheme === 'Basic' ? 'basic' : 'digest'
  return isAnswered ? 'none' : 'unknown'
}
