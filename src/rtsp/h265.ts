/** NAL unit types that matter outside a decoder, H.265 table 7-1. Slices are below 32; those from 16 to 23 begin a picture that needs no other. */
export const h265NalTypes = { firstKey: 16, lastKey: 23, vps: 32, sps: 33, pps: 34, delimiter: 35, prefixSei: 39 } as const

export const h265NalType = (nal: Buffer): number => ((nal[0] ?? 0) >> 1) & 0x3f

export const isH265Slice = (nal: Buffer): boolean => h265NalType(nal) < h265NalTypes.vps

export const isH265Key = (nal: Buffer): boolean =>
  h265NalType(nal) >= h265NalTypes.firstKey && h265NalType(nal) <= h265NalTypes.lastKey

/** Whether a new picture begins with this NAL unit, section 7.4.2.4.4: what stands in front of slices, or a picture's first slice. */
export function beginsH265Picture (nal: Buffer): boolean {
  const type = h265NalType(nal)
  if (type < h265NalTypes.vps) return ((nal[2] ?? 0) & 0x80) !== 0 // first_slice_segment_in_pic_flag
  return type <= h265NalTypes.delimiter || type === h265NalTypes.prefixSei || (type >= 41 && type <= 44) || (type >= 48 && type <= 55)
}
