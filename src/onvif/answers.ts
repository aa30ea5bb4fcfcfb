import { quotable } from '../text/redact.js'
import { find, findAll, textAt, type XmlElement } from '../xml/element.js'
import { SERVICES } from './soap.js'

const MAX_CODEC_CHARS = 16
const MAX_NAME_CHARS = 64
/** A date after this year cannot be written as WS-Security wants it. */
const MAX_YEAR = 9_999

export interface OnvifProfile {
  readonly token: string
  /** The sensor, or a recorder's channel. Profiles with the same one show the same picture. */
  readonly videoSource: string
  /** ONVIF's name, such as H264; '' if the profile has no video. */
  readonly codec: string
  readonly width: number
  readonly height: number
  readonly hasPtz: boolean
}

/** The addresses of services, by namespace: from GetServices, or from GetCapabilities, which is older. */
export function servicesOf (answer: XmlElement): Map<string, string> {
  const listed = findAll(answer, 'Service').map(service => [textAt(service, 'Namespace'), textAt(service, 'XAddr')] as const)
  const [media, ptz] = ['Media', 'PTZ'].map(name => textAt(answer, 'Capabilities', name, 'XAddr'))
  const capable = [[SERVICES.media, media], [SERVICES.ptz, ptz]] as const
  return new Map([...listed, ...capable].flatMap(([namespace, address]) => address ? [[namespace, address]] : []))
}

export function profilesOf (answer: XmlElement): OnvifProfile[] {
  return findAll(answer, 'Profiles').map(profile => ({
    token: profile.attributes.get('token') ?? '',
    videoSource: textAt(profile, 'VideoSourceConfiguration', 'SourceToken'),
    codec: quotable(textAt(profile, 'VideoEncoderConfiguration', 'Encoding'), MAX_CODEC_CHARS),
    width: numberAt(profile, 'VideoEncoderConfiguration', 'Resolution', 'Width'),
    height: numberAt(profile, 'VideoEncoderConfiguration', 'Resolution', 'Height'),
    hasPtz: find(profile, 'PTZConfiguration') !== undefined
  })).filter(({ token }) => token !== '')
}

export interface PtzPreset { readonly token: string, readonly name: string }

const MAX_PRESETS = 256

/** Cameras with 256 numbered places list them all: those without a name and a position are left out. */
export const presetsOf = (answer: XmlElement): PtzPreset[] => findAll(answer, 'Preset')
  .map(preset => ({ token: preset.attributes.get('token') ?? '', name: quotable(textAt(preset, 'Name'), MAX_NAME_CHARS) }))
  .filter(({ token }) => token !== '').slice(0, MAX_PRESETS)

/** In milliseconds since 1970; undefined if the camera does not give it in UTC. */
export function clockOf (time: XmlElement | undefined): number | undefined {
  const utc = time && find(time, 'UTCDateTime')
  if (!utc) return undefined
  const [year, month, day] = ['Year', 'Month', 'Day'].map(name => numberAt(utc, 'Date', name)) as [number, number, number]
  const [hour, minute, second] = ['Hour', 'Minute', 'Second'].map(name => numberAt(utc, 'Time', name)) as [number, number, number]
  const at = Date.UTC(year, month - 1, day, hour, minute, second)
  return year > 0 && at < Date.UTC(MAX_YEAR, 0) ? at : undefined
}

const numberAt = (element: XmlElement, ...path: string[]): number => {
  const value = Number(textAt(element, ...path))
  return Number.isFinite(value) && value >= 0 ? value : 0
}
