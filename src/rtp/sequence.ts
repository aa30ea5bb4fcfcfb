/** A sequence number this far ahead means that the source has restarted: MAX_DROPOUT of RFC 3550 appendix A.1. */
const MAX_DROPOUT = 3_000
/** So does one this far behind; a nearer one is late: MAX_MISORDER. */
const MAX_MISORDER = 100

/** How far `sequence` is ahead of `from`: -32768 to 32767, as numbers wrap after 65535. */
export const ahead = (sequence: number, from: number): number => ((sequence - from) << 16) >> 16

export const isJump = (distance: number): boolean => distance >= MAX_DROPOUT || distance <= -MAX_MISORDER
