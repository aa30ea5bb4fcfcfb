/** A sequence number this far ahead belongs to a source that began anew: MAX_DROPOUT of RFC 3550 appendix A.1. */
const maxDropout = 3_000
/** One this far behind, too; what is nearer is late: MAX_MISORDER. */
const maxMisorder = 100

/** How far `sequence` is ahead of `from`, from -32768 to 32767; numbers wrap after 65535. */
export const ahead = (sequence: number, from: number): number => ((sequence - from) << 16) >> 16

export const isJump = (distance: number): boolean => distance >= maxDropout || distance <= -maxMisorder
