import { normalizeRtsp } from '../sources/rtsp.js'
import { SourceError } from '../sources/source.js'
import { quotable } from '../text/redact.js'
import { textAt } from '../xml/element.js'
import { escapeXml } from '../xml/escape.js'
import { profilesOf, type OnvifProfile } from './answers.js'
import type { OnvifDevice } from './device.js'
import { findServices } from './services.js'
import { SoapFault } from './soap-fault.js'

export interface OnvifStream {
  /** At the address of the device itself, without credentials. */
  readonly url: string
  /** H264, for instance; '' if the device does not name it. */
  readonly codec: string
  readonly width: number
  readonly height: number
}

export interface OnvifStreams {
  readonly maker: string
  readonly model: string
  /** One for each picture: several of a recorder, or of a camera with several lenses. The largest stream is `main`. */
  readonly channels: ReadonlyArray<{ readonly main: OnvifStream, readonly sub: OnvifStream | null }>
  readonly hasPtz: boolean
}

const MAX_CHANNELS = 64
const MAX_NAME_CHARS = 64
const SETUP = '<StreamSetup><Stream xmlns="http://www.onvif.org/ver10/schema">RTP-Unicast</Stream>' +
  '<Transport xmlns="http://www.onvif.org/ver10/schema"><Protocol>RTSP</Protocol></Transport></StreamSetup>'

/** Asks a device for its streams, which are taken to be at `host`, whatever host it writes. Throws as `OnvifDevice.call` does. */
export async function streamsOf (device: OnvifDevice, host: string): Promise<OnvifStreams> {
  const services = await findServices(device)
  const profiles = services.has('media') ? profilesOf(await device.call('media', 'GetProfiles')) : []
  const channels: Array<OnvifStreams['channels'][number]> = []
  for (const [largest, ...smaller] of byPicture(profiles).slice(0, MAX_CHANNELS)) {
    const main = await streamOf(device, largest!, host)
    const smallest = smaller.at(-1)
    const sub = smallest && await streamOf(device, smallest, host)
    if (main) channels.push({ main, sub: sub && sub.url !== main.url ? sub : null })
  }
  const information = await device.call('device', 'GetDeviceInformation').catch(orNothing)
  const [maker, model] = ['Manufacturer', 'Model'].map(name => information ? quotable(textAt(information, name), MAX_NAME_CHARS) : '') as [string, string]
  return { maker, model, channels, hasPtz: services.has('ptz') && profiles.some(({ hasPtz }) => hasPtz) }
}

/** The profiles with a picture, those of the same one together, the largest first. */
function byPicture (profiles: readonly OnvifProfile[]): OnvifProfile[][] {
  const pictures = new Map<string, OnvifProfile[]>()
  for (const profile of profiles.filter(({ codec }) => codec !== '')) pictures.set(profile.videoSource, [...pictures.get(profile.videoSource) ?? [], profile])
  return [...pictures.values()].map(all => all.sort((one, other) => other.width * other.height - one.width * one.height))
}

/** Undefined if the device has no RTSP address for it. */
async function streamOf (device: OnvifDevice, { token, codec, width, height }: OnvifProfile, host: string): Promise<OnvifStream | undefined> {
  const answer = await device.call('media', 'GetStreamUri', `${SETUP}<ProfileToken>${escapeXml(token)}</ProfileToken>`).catch(orNothing)
  const url = answer && rtspAt(host, textAt(answer, 'MediaUri', 'Uri'))
  return url === undefined ? undefined : { url, codec, width, height }
}

function rtspAt (host: string, written: string): string | undefined {
  try {
    const { source: { url } } = normalizeRtsp({ url: written })
    return url.replace(/^(rtsps?:\/\/)(?:\[[^\]]*\]|[^/?#:]*)/, (_, scheme: string) => scheme + host)
  } catch (error) {
    if (error instanceof SourceError) return undefined
    throw error
  }
}

/** One profile, or the names of the device, may be missing. */
function orNothing (error: unknown): undefined {
  if (!(error instanceof SoapFault)) throw error
}
