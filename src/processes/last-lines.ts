/** Enough to tell why a process ended: each line is cut at so many characters, and so many of the last ones are kept. */
const LINES = 60
const LINE_LENGTH = 2_000

/** The last lines of a text that comes in pieces, bounded however much comes and however long a line is. */
export class LastLines {
  readonly #lines: string[] = []
  #begun = ''

  /** Takes the next piece, cut anywhere. */
  push (text: string): void {
    const [first = '', ...rest] = text.split(/[\r\n]+/)
    this.#begun = cut(this.#begun + cut(first))
    for (const line of rest) {
      this.#end()
      this.#begun = cut(line)
    }
  }

  /** Whole lines, the oldest first: of half a line nobody can tell where a password ends. */
  get all (): readonly string[] { return this.#lines }

  #end (): void {
    if (this.#begun && this.#lines.push(this.#begun) > LINES) this.#lines.shift()
  }
}

const cut = (line: string) => line.length > LINE_LENGTH ? line.slice(0, LINE_LENGTH) : line
