/** Enough to tell why a process ended: each line is cut at so many characters, and so many of the last ones are kept. */
const LINES = 60
const LINE_LENGTH = 2_000

/** The last lines of a text that comes in pieces, bounded however much comes and however long a line is. */
export class LastLines {
  readonly #kept: (line: string) => string
  readonly #lines: string[] = []
  #begun = ''

  /** `kept` makes what is kept of a line. */
  constructor (kept = (line: string) => line) {
    this.#kept = kept
  }

  /** Takes the next piece, cut anywhere. */
  push (text: string): void {
    const [first = '', ...rest] = text.split(/[\r\n]+/)
    this.#begun = cut(this.#begun + cut(first))
    for (const line of rest) {
      this.#end()
      this.#begun = cut(line)
    }
  }

  /** Whole lines, the oldest first, or whole words of one that was cut: of half a word nobody can tell whether it is a password's. */
  get all (): readonly string[] { return this.#lines }

  #end (): void {
    const line = this.#begun.length < LINE_LENGTH ? this.#begun : this.#begun.slice(0, this.#begun.lastIndexOf(' ') + 1)
    if (line && this.#lines.push(this.#kept(line)) > LINES) this.#lines.shift()
  }
}

const cut = (line: string) => line.length > LINE_LENGTH ? line.slice(0, LINE_LENGTH) : line
