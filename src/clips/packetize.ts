import { aggregateH264Nals, h264NalType, h264NalTypes, isH264Slice, packetizeH264Nal } from '../codec/h264.js'
import { aggregateH265Nals, h265NalType, h265NalTypes, isH265Slice, packetizeH265Nal } from '../codec/h265.js'
import type { Quirks } from '../faults/quirk.js'

/** A payload, and the marker of its packet. An early one has the previous picture's timestamp. */
export interface Payload { bytes: Buffer; marker: boolean; early: boolean }

interface Format {
  isParameterSet (nal: Buffer): boolean
  isSlice (nal: Buffer): boolean
  /** A NAL unit of an unspecified type. */
  vendorUnit: Buffer
  packetize (nal: Buffer, maxBytes: number): Buffer[]
  aggregate (nals: readonly Buffer[]): Buffer
}

const formats: Record<'h264' | 'h265', Format> = {
  h264: {
    isParameterSet: nal => [h264NalTypes.sps, h264NalTypes.pps].some(type => type === h264NalType(nal)),
    isSlice: isH264Slice,
    vendorUnit: Buffer.from('\0maker'),
    packetize: packetizeH264Nal,
    aggregate: aggregateH264Nals
  },
  h265: {
    isParameterSet: nal => h265NalType(nal) >= h265NalTypes.vps && h265NalType(nal) <= h265NalTypes.pps,
    isSlice: isH265Slice,
    vendorUnit: Buffer.from('\x7e\x01maker'),
    packetize: packetizeH265Nal,
    aggregate: aggregateH265Nals
  }
}

/** Fits an Ethernet frame together with its headers. */
export const MAX_PAYLOAD_BYTES = 1_400

/** The payloads of picture `index`, with the marker on the last one unless a quirk moves it. */
export function packetizePicture (unit: readonly Buffer[], index: number, codec: 'h264' | 'h265', quirks: Quirks): Payload[] {
  const { isParameterSet } = formats[codec]
  const apart = quirks.has('parameter-sets-apart')
  const sets = apart ? unit.filter(isParameterSet) : []
  const others = apart || quirks.has('sdp-sprop-only') ? unit.filter(nal => !isParameterSet(nal)) : unit
  return [
    ...sets.map((bytes, set) => ({ bytes, marker: index === 0 && set === 0, early: true })),
    ...markLast(payloadsOf(others, formats[codec], quirks), quirks)
  ]
}

/** Puts the marker on a picture's last payload. */
export const markLast = (payloads: readonly Buffer[], quirks: Quirks): Payload[] => payloads.map((bytes, index) => ({
  bytes,
  marker: quirks.has('marker-on-every-packet') || (index === payloads.length - 1 && !quirks.has('no-marker')),
  early: false
}))

function payloadsOf (picture: readonly Buffer[], { packetize, aggregate, isSlice, vendorUnit }: Format, quirks: Quirks): Buffer[] {
  const nals = quirks.has('maker-units') ? picture.flatMap(nal => isSlice(nal) ? [nal, vendorUnit] : [nal]) : picture
  if (quirks.has('annex-b')) return packetize(Buffer.concat(nals.flatMap((nal, index) => index === 0 ? [nal] : [startCode, nal])), MAX_PAYLOAD_BYTES)
  const runs = quirks.has('aggregated') ? runsThatFit(nals) : nals.map(nal => [nal])
  return runs.flatMap(run => run.length > 1 ? [aggregate(run)] : packetize(run[0]!, MAX_PAYLOAD_BYTES))
}

const startCode = Buffer.from([0, 0, 0, 1])

/** Groups neighbours that fit into one payload, each with its length in front of it. */
function runsThatFit (nals: readonly Buffer[]): Buffer[][] {
  const runs: Buffer[][] = []
  let room = 0
  for (const nal of nals) {
    const fits = nal.length + 2 <= room
    if (fits) runs.at(-1)!.push(nal)
    else runs.push([nal])
    room = (fits ? room : MAX_PAYLOAD_BYTES - 2) - nal.length - 2
  }
  return runs
}

/**
 * Adds the optional parts of an RTP header, RFC 3550 section 5.1: a contributing source, ONVIF's replay
 * extension (with a time and a number), and padding.
 */
export function addOptionalParts (packet: Buffer): Buffer {
  const flags = 0x30 | 1 // padding, extension, one source
  const source = Buffer.from([0xca, 0x3e, 0xa0, 1])
  const extension = Buffer.from([0xab, 0xac, 0, 3, 0xe0, 0, 0, 0, 0, 0, 0, 0, 0xe0, 1, 0, 0])
  const extended = Buffer.concat([packet.subarray(0, 12), source, extension, packet.subarray(12), Buffer.from([0, 0, 0, 4])])
  extended[0]! |= flags
  return extended
}
