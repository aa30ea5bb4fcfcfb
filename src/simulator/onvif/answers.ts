import { escapeXml } from '../../xml/escape.js'
import { SERVICES } from '../../onvif/soap.js'

/** What a camera shows of itself. */
export interface Described {
  readonly name: string
  readonly hasPtz: boolean
  /** `http://host:port`, as it announces it. */
  readonly announced: string
  readonly mainUrl: string
  readonly subUrl: string
  /** Its own clock, in milliseconds since 1970. */
  readonly now: number
}

const SCHEMA = 'xmlns:tt="http://www.onvif.org/ver10/schema"'
const PRESETS = [['1', 'Gate'], ['2', 'Yard & barn']] as const

const answer = (service: keyof typeof SERVICES, operation: string, content = '') => `<x:${operation}Response xmlns:x="${SERVICES[service]}" ${SCHEMA}>${content}</x:${operation}Response>`

/** What the camera answers to each operation that it knows; undefined for the others. `token` is what the request names: a profile. */
export function answerTo (operation: string, camera: Described, token: string): string | undefined {
  switch (operation) {
    case 'GetSystemDateAndTime': return answer('device', operation, `<x:SystemDateAndTime><tt:DateTimeType>NTP</tt:DateTimeType>${utc(new Date(camera.now))}</x:SystemDateAndTime>`)
    case 'GetServices': return answer('device', operation, services(camera).map(([name, url]) =>
      `<x:Service><x:Namespace>${SERVICES[name]}</x:Namespace><x:XAddr>${url}</x:XAddr><x:Version><tt:Major>2</tt:Major><tt:Minor>4</tt:Minor></x:Version></x:Service>`).join(''))
    case 'GetCapabilities': return answer('device', operation, `<x:Capabilities>${services(camera).map(([name, url]) => {
      const element = name === 'ptz' ? 'PTZ' : `${name[0]!.toUpperCase()}${name.slice(1)}`
      return `<tt:${element}><tt:XAddr>${url}</tt:XAddr></tt:${element}>`
    }).join('')}</x:Capabilities>`)
    case 'GetDeviceInformation': return answer('device', operation, `<x:Manufacturer>camgate</x:Manufacturer><x:Model>${escapeXml(camera.name)}</x:Model><x:FirmwareVersion>1.0</x:FirmwareVersion><x:SerialNumber>0</x:SerialNumber><x:HardwareId>simulator</x:HardwareId>`)
    case 'GetProfiles': return answer('media', operation, profile('main', 'Main stream', [1920, 1080], camera) + profile('sub', 'Sub stream', [640, 360], camera))
    case 'GetStreamUri': return answer('media', operation, `<x:MediaUri><tt:Uri>${escapeXml(token === 'sub' ? camera.subUrl : camera.mainUrl)}</tt:Uri></x:MediaUri>`)
    case 'GetPresets': return answer('ptz', operation, PRESETS.map(([preset, name]) => `<x:Preset token="${preset}"><tt:Name>${escapeXml(name)}</tt:Name></x:Preset>`).join(''))
    case 'ContinuousMove':
    case 'Stop':
    case 'GotoPreset':
    case 'GotoHomePosition': return answer('ptz', operation)
    default: return undefined
  }
}

export const fault = (code: 'Sender' | 'Receiver', subcode: string, reason: string): string =>
  `<s:Fault><s:Code><s:Value>s:${code}</s:Value><s:Subcode><s:Value>ter:${subcode}</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang="en">${reason}</s:Text></s:Reason></s:Fault>`

export const isPreset = (token: string): boolean => PRESETS.some(([known]) => known === token)

const services = ({ hasPtz, announced }: Described) => ([['device', '/onvif/device_service'], ['media', '/onvif/media'], ...hasPtz ? [['ptz', '/onvif/ptz'] as const] : []] as const)
  .map(([name, path]) => [name, announced + path] as const)

const profile = (token: string, name: string, [width, height]: [number, number], { hasPtz }: Described) =>
  `<x:Profiles token="${token}" fixed="true"><tt:Name>${name}</tt:Name><tt:VideoSourceConfiguration token="source"><tt:SourceToken>sensor</tt:SourceToken></tt:VideoSourceConfiguration>` +
  `<tt:VideoEncoderConfiguration token="encoder"><tt:Encoding>H264</tt:Encoding><tt:Resolution><tt:Width>${width}</tt:Width><tt:Height>${height}</tt:Height></tt:Resolution>` +
  '<tt:RateControl><tt:FrameRateLimit>20</tt:FrameRateLimit></tt:RateControl></tt:VideoEncoderConfiguration>' +
  (hasPtz ? '<tt:PTZConfiguration token="ptz"><tt:NodeToken>node</tt:NodeToken></tt:PTZConfiguration>' : '') + '</x:Profiles>'

const utc = (time: Date) => `<tt:UTCDateTime><tt:Time><tt:Hour>${time.getUTCHours()}</tt:Hour><tt:Minute>${time.getUTCMinutes()}</tt:Minute><tt:Second>${time.getUTCSeconds()}</tt:Second></tt:Time>` +
  `<tt:Date><tt:Year>${time.getUTCFullYear()}</tt:Year><tt:Month>${time.getUTCMonth() + 1}</tt:Month><tt:Day>${time.getUTCDate()}</tt:Day></tt:Date></tt:UTCDateTime>`
