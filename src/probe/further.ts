import { CameraMemory } from '../capture/camera-memory.js'
import { authOptions, cameraAddress, rtspReader } from '../capture/readers.js'
import type { Clock } from '../clock.js'
import type { LiveCamera } from '../config/registry.js'
import type { Failure } from '../failure/failure.js'
import { besideAuthMemory } from '../http-auth/authorizer.js'
import type { RtspSource } from '../sources/rtsp.js'
import { describeStreams, type Described } from './describe.js'
import { knockAtAll, thatAnswer } from './ports.js'
import { readShortly } from './reading.js'
import type { PortReport, StreamReport } from './report.js'
import { streamsBeside, streamsOfMakers } from './streams.js'
import type { NetworkCamera } from './target.js'

const UDP_TIMEOUT_MS = 1_800

export type RtspCamera = LiveCamera<RtspSource>

export interface FurtherParts {
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly progress?: (what: string) => void
  readonly memory: CameraMemory
}

/** What a second connection has shown. */
export interface Further { readonly found: ReadonlyArray<Described<Wanted>>, readonly udp: boolean | null }
export type Wanted = { readonly url: string } & Partial<Pick<StreamReport, 'maker' | 'stream'>>

/** The camera has sent a picture, so its password is right. */
export async function askFurther (camera: RtspCamera, parts: FurtherParts): Promise<Further> {
  parts.progress?.('asking for its other streams, and for pictures by UDP')
  const { url } = camera.source
  const [{ found }, udp] = await Promise.all([describe(camera, [{ url }, ...streamsBeside(url)], parts), tryUdp(camera, parts)])
  return { found, udp }
}

/** The camera has answered that this address is unknown: it may have others. */
export async function lookElsewhere (camera: RtspCamera | undefined, failure: Failure | undefined, parts: FurtherParts): Promise<Further> {
  if (!camera || failure?.code !== 'not-found') return { found: [], udp: null }
  parts.progress?.('asking for the addresses that makers use')
  return { found: (await describe(camera, streamsOfMakers(camera.source.url), parts)).found, udp: null }
}

const describe = (camera: RtspCamera, wanted: readonly Wanted[], { memory, clock, signal }: FurtherParts) => describeStreams(cameraAddress(camera.source), wanted, {
  ...{ credentials: camera.credentials, clock, signal },
  auth: { ...authOptions(camera, memory), memory: besideAuthMemory(memory.auth) }
})

/** Whether a picture arrives by UDP; null if the camera serves no second viewer. */
async function tryUdp (camera: RtspCamera, { memory, clock, signal }: FurtherParts): Promise<boolean | null> {
  const limit = new AbortController()
  const cancel = clock.after(UDP_TIMEOUT_MS, () => limit.abort())
  const own = new CameraMemory(camera, besideAuthMemory(memory.auth))
  const { firstPictureMs, failure } = await readShortly(rtspReader({ ...camera, transport: 'udp' }, own, clock), {
    ...{ memory: own, clock, signal: AbortSignal.any([signal, limit.signal]) },
    onFirst: () => limit.abort()
  })
  cancel()
  if (firstPictureMs !== undefined) return true
  return failure?.code === 'busy' ? null : false
}

/** What answers at the camera's other ports, and at its own if that is for HTTP. */
export async function otherPorts ({ source }: NetworkCamera, parts: FurtherParts): Promise<PortReport[]> {
  parts.progress?.('asking which ports answer')
  const { host, port: own } = cameraAddress(source)
  const asked = [...source.type === 'rtsp' ? [] : knockAtAll(host, own, parts), ...knockAtAll(host, undefined, parts, own)]
  return await thatAnswer(asked)
}
