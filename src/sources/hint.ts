import { distance } from 'fastest-levenshtein'

/** Advice for schemes that camgate does not support. */
const unsupported: Record<string, string> = {
  onvif: 'an ONVIF address has no pictures. The camera has an RTSP address as well: camgate discover HOST --user NAME prints it, and its manual or its own page may show it. Of many makers camgate knows it: source: { type: hikvision, host: 192.168.1.20 }',
  rtmp: 'camgate does not speak RTMP. Most cameras that do have an RTSP address as well',
  srt: 'camgate does not speak SRT. Most cameras that do have an RTSP address as well',
  file: 'did you mean { type: file, path: … }?',
  v4l2: 'did you mean { type: v4l2 }?'
}

/** Sorts the letters, so that a typo such as rstp equals rtsp, but ftp does not. */
const letters = (word: string): string => [...word].sort().join('')

/** Advice for a URL with an unknown scheme. */
export function schemeHint (scheme: string, known: readonly string[]): string {
  const advice = Object.hasOwn(unsupported, scheme) ? unsupported[scheme] : undefined
  if (advice) return `; received ${scheme}://…: ${advice}`
  const near = known.find(other => distance(letters(other), letters(scheme)) <= 1)
  return `; received ${scheme}://…${near ? `, did you mean ${near}://?` : ''}`
}

/** Advice for a text that is not a URL. It quotes nothing but a number, because any part may be secret. */
export function textHint (text: string): string {
  if (/^[“”„‟‘’‚‛«»]/.test(text)) return '; typographic quotes such as “ ” quote nothing in YAML: use \' or ", or none'
  const [, prefix] = /^(ffmpeg|exec|expr|echo|homekit|webrtc|tapo|ring|nest|dvrip|isapi):/i.exec(text) ?? []
  if (prefix) return prefix.toLowerCase() === 'exec' ? '; did you mean { type: exec, command: [program, argument] }?' : `; ${prefix.toLowerCase()}: is go2rtc's: write the address of the camera itself`
  const [, slipped] = /^(rtsps?|https?)(?:[:;]|[\\/]{2})/i.exec(text) ?? []
  if (slipped) return `; did you mean ${slipped.toLowerCase()}://…? Two slashes follow the colon`
  const map = mapFor(text)
  if (map) return `; did you mean ${map}?`
  if (!isHostLike(text)) return ''
  const web = /:(80|81|443|8080|8081)\b|\.(jpe?g|mjpe?g|cgi)\b|snap|action=/i.test(text)
  return `; an address begins with its scheme: did you mean ${web ? 'http' : 'rtsp'}://…?`
}

const isHostLike = (text: string): boolean => /^\S+@\S+$|^\[[0-9a-f:]+\]|^\d{1,3}(\.\d{1,3}){3}([:/?]|$)|^[\w-]+(\.[\w-]+)*(:\d{1,5}(\/|$)|\/)/i.test(text)

/** The map to suggest for text that looks like a device or a video file. */
function mapFor (text: string): string | undefined {
  const [, number] = /^(?:\/dev\/video)?(\d{1,2})$/.exec(text) ?? []
  if (number) return `{ type: v4l2, device: /dev/video${number} }`
  if (text.startsWith('/dev/v')) return '{ type: v4l2, device: /dev/… }'
  return !/^\d{1,3}(\.\d{1,3}){3}|@/.test(text) && /\.(mp4|m4v|mov|mkv|webm|avi|ts|mpe?g|h26[45]|mjpe?g|jpe?g|png|gif)$/i.test(text) ? '{ type: file, path: … }' : undefined
}
