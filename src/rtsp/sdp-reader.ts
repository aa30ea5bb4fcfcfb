import { parse, parseParams, type MediaDescription } from 'sdp-transform'
import { CamgateError } from '../errors.js'
import { quotable } from '../redact.js'
import { videoClockRate } from '../rtp/packet.js'
import { announcedNalUnits } from '../codec/sprop.js'
import type { ReceivedTrack } from '../codec/track.js'

export interface Description {
  /** `a=control` of the whole session, as written. */
  sessionControl: string | undefined
  /** The video that we can receive, in the order of the description. */
  tracks: ReceivedTrack[]
  /** What the other video is: "MPEG-4 video (MP4V-ES)". */
  unspoken: string[]
}

export const sdpLimits = { characters: 65_536, lines: 1_000, media: 16 } as const

const codecs: Readonly<Record<string, ReceivedTrack['codec']>> = { H264: 'h264', H265: 'h265', JPEG: 'mjpeg' }
/** RFC 3551 section 6: video that needs no rtpmap. */
const staticNames: Readonly<Record<number, string>> = { 26: 'JPEG', 31: 'H261', 32: 'MPV', 33: 'MP2T', 34: 'H263' }
const titles: Readonly<Record<string, string>> = {
  'MP4V-ES': 'MPEG-4 video', MPV: 'MPEG-1 or MPEG-2 video', MP2T: 'an MPEG transport stream', H263: 'H.263', JPEG2000: 'JPEG 2000'
}

/**
 * A session description (RFC 4566) as cameras write it. What cannot be understood is left out; throws BAD_SDP when it
 * is too large, and NO_VIDEO when it lists none.
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
    unspoken: read.filter(track => typeof track === 'string')
  }
}

function parsed (text: string) {
  try {
    return parse(text)
  } catch (error) {
    throw bad('cannot be read', { cause: error })
  }
}

/** Lines as RFC 4566 writes them, so that the parser knows them: names in lower case, single blanks, no blank around the colon. */
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

/** The first format of a medium that we speak, or what its first format is. */
function trackOf (media: MediaDescription): ReceivedTrack | string {
  const protocol = textOf(media.protocol) ?? ''
  if (/SAVPF?/i.test(protocol)) return `SRTP (${short(protocol)})`
  if (!/\bAVPF?\b/i.test(protocol)) return protocol === '' ? 'a transport without a name' : `not RTP (${short(protocol)})`
  const formats = [...new Set(payloadTypes(media))].map(payloadType => formatOf(media, payloadType)) // each once, however often it is listed
  return formats.find(format => typeof format !== 'string') ?? formats[0] ?? 'a payload type without a name'
}

/** Of the m= line; TP-Link writes "smart/1/90000" there, and the number in rtpmap alone. */
function payloadTypes (media: MediaDescription): number[] {
  const valid = (type: number) => Number.isInteger(type) && type >= 0 && type <= 127
  const listed = textOf(media.payloads)?.split(' ').filter(word => word !== '').map(Number).filter(valid) ?? []
  return listed.length > 0 ? listed : media.rtp.map(({ payload }) => payload).filter(valid)
}

function formatOf (media: MediaDescription, payloadType: number): ReceivedTrack | string {
  const map = media.rtp.find(({ payload }) => payload === payloadType)
  const name = (textOf(map?.codec) ?? staticNames[payloadType] ?? '').toUpperCase()
  const codec = Object.hasOwn(codecs, name) ? codecs[name] : undefined
  if (codec === undefined) return unspokenName(name, payloadType)
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

function unspokenName (name: string, payloadType: number): string {
  if (name === '') return `payload type ${payloadType} without a name`
  const title = titles[name]
  return title === undefined ? `the codec ${short(name)}` : `${title} (${name})`
}

/** Packets that must be put into decoding order by numbers in their payload: RFC 6184 section 6.4, RFC 7798 section 7.1. */
function interleaving (codec: ReceivedTrack['codec'], parameters: Map<string, string>): string | undefined {
  const mode = parameters.get('packetization-mode')
  if (codec === 'h264' && mode === '2') return 'H.264 in interleaved mode (packetization-mode=2)'
  const numbered = ['sprop-max-don-diff', 'sprop-depack-buf-nalus'].find(name => Number(parameters.get(name)) > 0)
  if (codec === 'h265' && numbered !== undefined) return `H.265 with decoding order numbers (${numbered})`
  return undefined
}

/** Of every fmtp line of the payload type, by lower-case name. */
function formatParameters (media: MediaDescription, payloadType: number): Map<string, string> {
  const config = media.fmtp.filter(({ payload }) => payload === payloadType).map(fmtp => fmtp.config).join(';')
  return new Map(Object.entries(parseParams(config)).map(([name, value]) => [name.trim().toLowerCase(), textOf(value) ?? '']))
}

/** What is no 32-bit number is taken for the 90 kHz that all three formats ask for. */
const clockRateOf = (rate: number | undefined): number => rate !== undefined && rate > 0 && rate < 2 ** 32 ? Number(rate) : videoClockRate

/** Of `a=x-dimensions:WIDTH,HEIGHT`, or `a=framesize:PAYLOAD-TYPE WIDTH-HEIGHT` (3GPP TS 26.234). */
function sizeOf (media: MediaDescription, payloadType: number): { width: number, height: number } | undefined {
  const found = /^(\d{1,5}) ?, ?(\d{1,5})\b/.exec(unknownAttribute(media, 'x-dimensions') ?? '') ??
    new RegExp(`^${payloadType} (\\d{1,5}) ?- ?(\\d{1,5})\\b`).exec(unknownAttribute(media, 'framesize') ?? '')
  const [, width = 0, height = 0] = found?.map(Number) ?? []
  return width > 0 && height > 0 ? { width, height } : undefined
}

/** The value of an attribute that the parser does not know. */
const unknownAttribute = (media: MediaDescription, name: string): string | undefined =>
  media.invalid?.map(({ value }) => textOf(value)).find(value => value?.startsWith(`${name}:`))?.slice(name.length + 1)

/** The parser makes a number of what looks like one, whatever its types say. */
const textOf = (value: string | number | undefined): string | undefined => value === undefined ? undefined : String(value).trim()
const short = (name: string) => quotable(name, 32)
const bad = (what: string, options?: ErrorOptions) => new CamgateError('BAD_SDP', `its session description ${what}`, options)
