import { parse, parseParams, type MediaDescription } from 'sdp-transform'
import { CamgateError } from '../errors.js'
import { quotable } from '../text/redact.js'
import { videoClockRate } from '../rtp/packet.js'
import { announcedNalUnits } from '../codec/sprop.js'
import type { ReceivedTrack } from '../codec/track.js'

export interface Description {
  /** `a=control` of the session, as it is written. */
  sessionControl: string | undefined
  /** The video tracks that camgate can receive, in the order of the description. */
  tracks: ReceivedTrack[]
  /** The other video tracks, in words: "MPEG-4 video (MP4V-ES)". */
  unsupported: string[]
  /** The codecs of its sound, by their names in RTP. */
  sound: string[]
}

export const sdpLimits = { characters: 65_536, lines: 1_000, media: 16 } as const

const CODECS: Readonly<Record<string, ReceivedTrack['codec']>> = { H264: 'h264', H265: 'h265', JPEG: 'mjpeg' }
/** Payload types that need no rtpmap, RFC 3551 section 6. */
const STATIC_NAMES: Readonly<Record<number, string>> = { 26: 'JPEG', 31: 'H261', 32: 'MPV', 33: 'MP2T', 34: 'H263' }
const STATIC_SOUNDS: Readonly<Record<number, string>> = { 0: 'PCMU', 8: 'PCMA', 9: 'G722', 14: 'MPA' }
const TITLES: Readonly<Record<string, string>> = {
  'MP4V-ES': 'MPEG-4 video', MPV: 'MPEG-1 or MPEG-2 video', MP2T: 'an MPEG transport stream', H263: 'H.263', JPEG2000: 'JPEG 2000'
}

/**
 * Reads a session description (RFC 4566) as cameras write it. Skips what is invalid. Throws BAD_SDP if it is too large, and
 * NO_VIDEO if it lists no video.
 */
export function readSdp (text: string): Description {
  if (text.length > sdpLimits.characters) throw bad(`is larger than ${sdpLimits.characters} characters`)
  const session = parsed(boundedLines(text).join('\n'))
  const videos = session.media.filter(media => textOf(media.type)?.toLowerCase() === 'video')
  if (videos.length === 0) throw new CamgateError('NO_VIDEO', 'its session description lists no video')
  const read = videos.map(trackOf)
  return {
    sessionControl: textOf(session.control),
    tracks: read.filter(track => typeof track !== 'string'),
    unsupported: read.filter(track => typeof track === 'string'),
    sound: session.media.filter(media => textOf(media.type)?.toLowerCase() === 'audio').map(soundOf)
  }
}

function parsed (text: string) {
  try {
    return parse(text)
  } catch (error) {
    throw bad('cannot be read', { cause: error })
  }
}

/** The lines, limited in number, and spelled as RFC 4566 requires, so that the parser accepts them: names in lower case, single spaces, none around the colon. */
function boundedLines (text: string): string[] {
  const lines = text.replaceAll('\0', '').split(/[\r\n]+/, sdpLimits.lines).map(line => line.replace(/[^\S\n]+/g, ' ').trim()
    .replace(/^m=(\w+) (\d+)\/\d+ /, 'm=$1 $2 ')
    .replace(/^a=([\w-]+) ?: ?/, (_, name: string) => `a=${name.toLowerCase()}:`))
  let media = 0
  return lines.filter(line => {
    if (line.startsWith('m=')) media++
    return media <= sdpLimits.media
  })
}

/** The first supported format of a medium, or the name of its first format. */
function trackOf (media: MediaDescription): ReceivedTrack | string {
  const protocol = textOf(media.protocol) ?? ''
  if (/SAVPF?/i.test(protocol)) return `SRTP (${short(protocol)})`
  if (!/\bAVPF?\b/i.test(protocol)) return protocol === '' ? 'a transport without a name' : `not RTP (${short(protocol)})`
  const formats = [...new Set(payloadTypes(media))].map(payloadType => formatOf(media, payloadType)) // each once, even if it is listed more often
  return formats.find(format => typeof format !== 'string') ?? formats[0] ?? 'a payload type without a name'
}

/** The name of a sound's first format. */
function soundOf (media: MediaDescription): string {
  const [payloadType] = payloadTypes(media)
  const name = textOf(media.rtp.find(({ payload }) => payload === payloadType)?.codec) ?? STATIC_SOUNDS[payloadType ?? -1]
  return name === undefined ? 'a codec without a name' : short(name)
}

/** The payload types of the m= line. TP-Link writes "smart/1/90000" there, and the number only in rtpmap. */
function payloadTypes (media: MediaDescription): number[] {
  const valid = (type: number) => Number.isInteger(type) && type >= 0 && type <= 127
  const listed = textOf(media.payloads)?.split(' ').filter(word => word !== '').map(Number).filter(valid) ?? []
  return listed.length > 0 ? listed : media.rtp.map(({ payload }) => payload).filter(valid)
}

function formatOf (media: MediaDescription, payloadType: number): ReceivedTrack | string {
  const map = media.rtp.find(({ payload }) => payload === payloadType)
  const name = (textOf(map?.codec) ?? STATIC_NAMES[payloadType] ?? '').toUpperCase()
  const codec = Object.hasOwn(CODECS, name) ? CODECS[name] : undefined
  if (codec === undefined) return unsupportedName(name, payloadType)
  const parameters = formatParameters(media, payloadType)
  const interleaved = interleaving(codec, parameters)
  if (interleaved !== undefined) return interleaved
  return {
    codec,
    payloadType,
    clockRate: clockRateOf(map?.rate),
    control: textOf(media.control),
    parameterSets: announcedNalUnits(codec, parameters),
    size: sizeOf(media, payloadType)
  }
}

function unsupportedName (name: string, payloadType: number): string {
  if (name === '') return `payload type ${payloadType} without a name`
  const title = TITLES[name]
  return title === undefined ? `the codec ${short(name)}` : `${title} (${name})`
}

/** Whether packets must be sorted by numbers in their payload, in words: RFC 6184 section 6.4, RFC 7798 section 7.1. */
function interleaving (codec: ReceivedTrack['codec'], parameters: Map<string, string>): string | undefined {
  const mode = parameters.get('packetization-mode')
  if (codec === 'h264' && mode === '2') return 'H.264 in interleaved mode (packetization-mode=2)'
  const numbered = ['sprop-max-don-diff', 'sprop-depack-buf-nalus'].find(name => Number(parameters.get(name)) > 0)
  if (codec === 'h265' && numbered !== undefined) return `H.265 with decoding order numbers (${numbered})`
  return undefined
}

/** The parameters of every fmtp line of the payload type, by lower-case name. */
function formatParameters (media: MediaDescription, payloadType: number): Map<string, string> {
  const config = media.fmtp.filter(({ payload }) => payload === payloadType).map(fmtp => fmtp.config).join(';')
  return new Map(Object.entries(parseParams(config)).map(([name, value]) => [name.trim().toLowerCase(), textOf(value) ?? '']))
}

/** An invalid rate is replaced by 90 kHz, which all three formats require. */
const clockRateOf = (rate: number | undefined): number => rate !== undefined && rate > 0 && rate < 2 ** 32 ? Number(rate) : videoClockRate

/** The size in `a=x-dimensions:WIDTH,HEIGHT`, or in `a=framesize:PAYLOAD-TYPE WIDTH-HEIGHT` (3GPP TS 26.234). */
function sizeOf (media: MediaDescription, payloadType: number): { width: number, height: number } | undefined {
  const found = /^(\d{1,5}) ?, ?(\d{1,5})\b/.exec(unknownAttribute(media, 'x-dimensions') ?? '') ??
    new RegExp(`^${payloadType} (\\d{1,5}) ?- ?(\\d{1,5})\\b`).exec(unknownAttribute(media, 'framesize') ?? '')
  const [, width = 0, height = 0] = found?.map(Number) ?? []
  return width > 0 && height > 0 ? { width, height } : undefined
}

/** The value of an attribute that the library does not know. */
const unknownAttribute = (media: MediaDescription, name: string): string | undefined =>
  media.invalid?.map(({ value }) => textOf(value)).find(value => value?.startsWith(`${name}:`))?.slice(name.length + 1)

/** The library returns numbers for text that looks like one, whatever its types say. */
const textOf = (value: string | number | undefined): string | undefined => value === undefined ? undefined : String(value).trim()
const short = (name: string) => quotable(name, 32)
const bad = (what: string, options?: ErrorOptions) => new CamgateError('BAD_SDP', `its session description ${what}`, options)
