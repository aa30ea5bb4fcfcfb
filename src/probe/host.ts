import { CameraMemory } from '../capture/camera-memory.js'
import { authOptions, cameraAddress } from '../capture/readers.js'
import type { Failure } from '../failure/failure.js'
import { failure } from '../failure/sentences.js'
import { rtspFailure } from '../rtsp-client/failure.js'
import type { RtspSource } from '../sources/rtsp.js'
import { hostInUrl } from '../text/host.js'
import { describeStreams } from './describe.js'
import { knockAtAll, thatAnswer } from './ports.js'
import { probeCamera, type Probed, type ProbeParts } from './probe.js'
import type { PortReport, ProbeReport } from './report.js'
import { streamReport, streamsOfMakers } from './streams.js'
import { cameraOf, type Host } from './target.js'
import { todoOf } from './todo.js'

/** Looks for a camera at a host: asks its usual ports, then for the streams of makers at the first that speaks RTSP, and reads one. Never rejects. */
export async function probeHost ({ host, port, credentials, allowSelfSigned }: Host, parts: ProbeParts): Promise<Probed> {
  parts.progress?.(port === undefined ? `asking which ports of ${host} answer` : `asking what answers at port ${port} of ${host}`)
  const knocks = knockAtAll(host, port, parts)
  const first = await firstOfRtsp(knocks)
  const place = `${first?.answers ?? 'rtsp'}://${hostInUrl(host)}:${first?.port ?? port ?? 554}`
  const source: RtspSource = { type: 'rtsp', url: `${place}/`, ...allowSelfSigned && { allowSelfSigned } }
  const camera = { ...cameraOf(source, credentials), source }
  const memory = new CameraMemory(camera)
  const fail = async (because: Failure): Promise<Probed> => {
    const login = because.code === 'auth' ? credentials ? 'refused' as const : 'missing' as const : 'unknown' as const
    const report: ProbeReport = {
      ...{ address: port === undefined ? host : `${host}:${port}`, failure: { code: because.code, message: because.message }, protocol: first?.answers ?? null, login },
      ...{ firstPictureMs: null, video: null, sound: null, tcp: null, udp: null, streams: [], ports: await thatAnswer(knocks), clockOffMs: null, cost: null, todo: [] }
    }
    return { report: { ...report, todo: todoOf(report, camera) }, camera, key: undefined }
  }
  if (!first) {
    const answers = await Promise.all(knocks)
    const isReached = answers.some(({ answers }) => answers !== 'silent')
    return await fail(isReached ? failure('refused', port === undefined ? { hasCredentials: true } : memory.target) : failure('unreachable', memory.target))
  }

  parts.progress?.(`asking for the addresses that makers use, at port ${first.port}`)
  const wanted = streamsOfMakers(source.url)
  const describing = { credentials, auth: authOptions(camera, memory), clock: parts.clock, signal: parts.signal }
  const { found, error } = await describeStreams(cameraAddress(source), wanted, describing, ({ of }) => of.stream === 'sub') // main comes before it
  const main = found.find(({ track }) => track)
  if (!main) return await fail(memory.endOf(error && rtspFailure(error, false, memory.target)) ?? unknownPath(first.port))
  const probed = await probeCamera(cameraOf({ ...source, url: main.of.url }, credentials), { ...parts, asksPorts: false })
  const streams = found.filter(({ of }) => of.url !== main.of.url && !probed.report.streams.some(({ address }) => address === of.url)).map(streamReport)
  const report = { ...probed.report, streams: [...probed.report.streams, ...streams], ports: await thatAnswer(knocks) }
  return { ...probed, report: { ...report, todo: todoOf(report, probed.camera) } }
}

const unknownPath = (port: number): Failure =>
  ({ code: 'not-found', message: `RTSP answers at port ${port}, but not at the addresses that camgate knows of makers. The camera's manual has its address: give all of it, as in rtsp://HOST:${port}/stream1.` })

/** The first of these, in time, that speaks RTSP; undefined if none does. */
async function firstOfRtsp (reports: ReadonlyArray<Promise<PortReport>>): Promise<{ port: number, answers: 'rtsp' | 'rtsps' } | undefined> {
  const ofRtsp = reports.map(async report => {
    const { port, answers } = await report
    if (answers === 'rtsp' || answers === 'rtsps') return { port, answers }
    throw new Error('another protocol')
  })
  return await Promise.any(ofRtsp).catch(() => undefined)
}
