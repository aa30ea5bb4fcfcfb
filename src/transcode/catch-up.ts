/** The first picture shown after a catch-up may be this old. */
const MAX_AGE_MS = 60
/** An ffmpeg that still shows older pictures this long after it has caught up holds them back for reordering, or is slow. */
const MAX_HIDDEN_MS = 200

/**
 * A JPEG that came out: the age of its original, undefined while unknown; whether no newer picture was offered; and whether ffmpeg has nothing
 * else to do.
 */
export interface Candidate { readonly ageMs: number | undefined, readonly newest: boolean, readonly idle: boolean }

/** Hides the old JPEGs that come out while an ffmpeg catches up with its camera. Ends with the first JPEG that is shown. */
export class CatchUp {
  #isOn = true
  #idleSince: number | undefined

  /** Whether ffmpeg is catching up: at its start, and later from `begin()` on. */
  get isOn (): boolean { return this.#isOn }

  begin (): void {
    this.#isOn = true
    this.#idleSince = undefined
  }

  /** Call it once for each JPEG. Returns whether to show it. `limitMs` is the greatest age of a picture that was held back. */
  shows ({ ageMs, newest, idle }: Candidate, limitMs: number, now: number): boolean {
    if (!this.#isOn) return true
    if (!idle) this.#idleSince = undefined
    else this.#idleSince ??= now
    const isFresh = newest || (ageMs !== undefined && ageMs <= MAX_AGE_MS)
    const isHeldBack = this.#idleSince !== undefined && now - this.#idleSince >= MAX_HIDDEN_MS && (ageMs ?? 0) <= limitMs
    this.#isOn = !isFresh && !isHeldBack
    return !this.#isOn
  }
}
