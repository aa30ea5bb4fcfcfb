import { splitNalUnits } from './annex-b.js'
import { h264NalType, h264NalTypes } from './h264.js'
import { h265NalType, h265NalTypes } from './h265.js'
import type { ReceivedTrack } from './track.js'

/**
 * Reads the parameter sets from `a=fmtp`, RFC 6184 section 8.1 and RFC 7798 section 7.1, without start codes. Ignores
 * invalid ones: the stream has its own.
 */
export function announcedNalUnits (codec: ReceivedTrack['codec'], parameters: ReadonlyMap<string, string>): Buffer[] {
  const names = codec === 'h264' ? ['sprop-parameter-sets'] : codec === 'h265' ? ['sprop-vps', 'sprop-sps', 'sprop-pps'] : []
  const isSet = codec === 'h264' ? isH264Set : isH265Set
  return names.flatMap(name => parameters.get(name)?.split(',') ?? []).flatMap(decoded).filter(isSet)
}

/** Decodes base64 that may contain blanks and lack padding. Some cameras encode start codes with it. */
function decoded (text: string): Buffer[] {
  const base64 = text.replace(/\s/g, '')
  if (!/^[\w+/-]+=*$/.test(base64)) return []
  const bytes = Buffer.from(base64, 'base64')
  return /^0000(00)?01/.test(bytes.toString('hex', 0, 4)) ? splitNalUnits(bytes) : [bytes]
}

const isForbidden = (nal: Buffer) => ((nal[0] ?? 0x80) & 0x80) !== 0

function isH264Set (nal: Buffer): boolean {
  const type = h264NalType(nal)
  return !isForbidden(nal) && ((type === h264NalTypes.sps && nal.length >= 4) || (type === h264NalTypes.pps && nal.length >= 2))
}

function isH265Set (nal: Buffer): boolean {
  const type = h265NalType(nal)
  return !isForbidden(nal) && nal.length >= 3 && type >= h265NalTypes.vps && type <= h265NalTypes.pps
}
