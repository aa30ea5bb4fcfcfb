/** The ages up to which pictures are counted together, in milliseconds. Older ones have the last count for themselves. */
export const AGE_BOUNDS_MS = [5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000] as const

/** How old pictures were. Each one costs some comparisons and two additions. */
export class AgeHistogram {
  /** One for each bound, without those below it, and one for all older pictures. */
  readonly counts = new Float64Array(AGE_BOUNDS_MS.length + 1)
  sumMs = 0

  add (ageMs: number): void {
    let bucket = 0
    while (bucket < AGE_BOUNDS_MS.length && ageMs > AGE_BOUNDS_MS[bucket]!) bucket++
    this.counts[bucket]!++
    this.sumMs += ageMs
  }
}
