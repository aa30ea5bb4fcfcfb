import { table } from '../../bench/table.js'

/** Counts what happens in a run by name, such as `fault stall` or `visit slow`, and lists what must not happen. */
export class Tally {
  readonly violations: string[] = []
  readonly #counts = new Map<string, number>()
  readonly #stop: AbortController

  /** The first violation aborts `stop`, because later ones say little. */
  constructor (stop: AbortController) {
    this.#stop = stop
  }

  count (name: string, by = 1): void {
    this.#counts.set(name, this.of(name) + by)
  }

  of (name: string): number {
    return this.#counts.get(name) ?? 0
  }

  /** The sum of all counts whose names begin with this word. */
  all (group: string): number {
    return [...this.#counts].reduce((sum, [name, count]) => name.startsWith(`${group} `) ? sum + count : sum, 0)
  }

  violate (what: string): void {
    if (!this.violations.includes(what)) this.violations.push(what)
    this.#stop.abort()
  }

  toString (): string {
    return table(['what', 'times'], [...this.#counts].sort().map(([name, count]) => [name, count.toLocaleString('en')]))
  }
}
