/** The first picture shown after a catch-up may be this old. */
const MAX_AGE_MS = 60
/** Older pictures are hidden for this long after ffmpeg could have caught up. Then it holds them back for reordering, or is too slow. */
const MAX_HIDDEN_MS = 200

/**
 * A JPEG that came out: the age of its original, undefined while unknown; whether no newer picture was offered; and whether ffmpeg gets no
 * further pictures that it would have to catch up with.
 */
export interface Candidate { readonly ageMs: number | undefined, readonly newest: boolean, readonly settled: boolean }

/** Hides the old JPEGs that come out while an ffmpeg catches up with its camera, up to the first one that is shown; and always those that are too old. */
export class CatchUp {
  #isOn = true
  #settledAt: number | undefined

  /** Whether ffmpeg is catching up: at its start, and later from `begin()` on. */
  get isOn (): boolean { return this.#isOn }

  begin (): void {
    this.#isOn = true
    this.#settledAt = undefined
  }

  /** Call it once for each JPEG. Returns whether to show it. `limitMs` is the greatest age of a picture that is shown although there are newer ones. */
  shows ({ ageMs, newest, settled }: Candidate, limitMs: number, now: number): boolean {
    if (!newest && (ageMs ?? 0) > limitMs) return false
    if (!this.#isOn) return true
    if (settled) this.#settledAt ??= now
    const isFresh = newest || (ageMs !== undefined && ageMs <= MAX_AGE_MS)
    const hiddenMs = now - (this.#settledAt ?? now)
    this.#isOn = !isFresh && hiddenMs < MAX_HIDDEN_MS
    return !this.#isOn
  }
}
