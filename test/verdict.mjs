const MAX_LISTED_PER_FILE = 20

/** Counts a run's assertions, and writes its last lines. */
export class Verdict {
  passed = 0
  skipped = 0
  #failed = 0
  /** @type {Map<string, string[]>} Names of failed assertions, by file. */
  #failures = new Map()

  get failed () { return this.#failed }

  /**
   * @param {string} file
   * @param {string} name of the assertion, after the names of its tests
   */
  fail (file, name) {
    this.#failed++
    this.#failures.set(file, [...this.#failures.get(file) ?? [], name])
  }

  /**
   * A file that died without a failed assertion counts as one failure.
   * @param {string} file
   */
  failFile (file) {
    if (!this.#failures.has(file)) this.fail(file, 'the file did not end well')
  }

  /** CI reads the last one. */
  lines () {
    const failures = [...this.#failures].flatMap(([file, names]) => [
      `FAILED ${file}`,
      ...names.slice(0, MAX_LISTED_PER_FILE).map(name => `  ${name.replaceAll('\n', ' ')}`),
      ...names.length > MAX_LISTED_PER_FILE ? [`  and ${names.length - MAX_LISTED_PER_FILE} more`] : []
    ])
    const skipped = this.skipped > 0 ? [`${this.skipped} skipped, for the reasons above`] : []
    return [...failures, ...skipped, `${this.passed} passed, ${this.#failed} failed`]
  }
}
