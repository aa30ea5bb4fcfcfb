const MOST = 20

/** What failed in a run, and the last lines that say so. */
export class Verdict {
  passed = 0
  skipped = 0
  #failed = 0
  /** @type {Map<string, string[]>} By file. */
  #failures = new Map()

  get failed () { return this.#failed }

  /**
   * @param {string} file
   * @param {string} what the assertion, with the names of the tests around it
   */
  fail (file, what) {
    this.#failed++
    this.#failures.set(file, [...this.#failures.get(file) ?? [], what])
  }

  /**
   * A file counts once if it has died before an assertion failed.
   * @param {string} file
   */
  failFile (file) {
    if (!this.#failures.has(file)) this.fail(file, 'the file did not end well')
  }

  /** CI reads the very last one. */
  lines () {
    const failures = [...this.#failures].flatMap(([file, names]) => [
      `FAILED ${file}`,
      ...names.slice(0, MOST).map(name => `  ${name.replaceAll('\n', ' ')}`),
      ...names.length > MOST ? [`  and ${names.length - MOST} more`] : []
    ])
    const skipped = this.skipped > 0 ? [`${this.skipped} skipped, for what it says above`] : []
    return [...failures, ...skipped, `${this.passed} passed, ${this.#failed} failed`]
  }
}
