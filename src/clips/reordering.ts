import { h265NalType, isH265Slice } from '../codec/h265.js'
import { h264NalType, h264NalTypes } from '../codec/h264.js'

/**
 * By how many pictures each one is shown later than it is sent, with B-frames but no pyramid: unreferenced pictures
 * are shown before the picture that they follow.
 */
export function shownLater (units: ReadonlyArray<readonly Buffer[]>, codec: 'h264' | 'h265'): number[] {
  const referredTo = units.map(unit => !unit.some(isUnreferred[codec]))
  return referredTo.map((refers, index) => {
    if (!refers) return -1
    const next = referredTo.indexOf(true, index + 1)
    return (next === -1 ? units.length : next) - index - 1
  })
}

const isUnreferred = {
  h264: (nal: Buffer) => h264NalType(nal) === h264NalTypes.slice && ((nal[0] ?? 0) & 0x60) === 0, // nal_ref_idc 0
  h265: (nal: Buffer) => isH265Slice(nal) && h265NalType(nal) < 16 && h265NalType(nal) % 2 === 0 // TRAIL_N and its kin
}
