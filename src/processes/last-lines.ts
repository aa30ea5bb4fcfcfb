/** Enough to see why a process ended. */
const MAX_LINES = 60
const MAX_LINE_CHARS = 2_000

/** The last lines of text that arrives in pieces: bounded, however much arrives and however long a line is. */
export class LastLines {
  readonly #transform: (line: string) => string
  readonly #lines: string[] = []
  #unfinished = ''

  /** `transform` is applied to each line before it is stored. */
  constructor (transform = (line: string) => line) {
    this.#transform = transform
  }

  /** Adds the next piece, cut anywhere. */
  push (text: string): void {
    const [first = '', ...rest] = text.split(/[\r\n]+/)
    this.#unfinished = cut(this.#unfinished + cut(first))
    for (const line of rest) {
      this.#end()
      this.#unfinished = cut(line)
    }
  }

  /** Whole lines, the oldest first. A line that was too long ends with a whole word: nobody could tell whether half a word belongs to a password. */
  get all (): readonly string[] { return this.#lines }

  #end (): void {
    const line = this.#unfinished.length < MAX_LINE_CHARS ? this.#unfinished : this.#unfinished.slice(0, this.#unfinished.lastIndexOf(' ') + 1)
    if (line && this.#lines.push(this.#transform(line)) > MAX_LINES) this.#lines.shift()
  }
}

const cut = (line: string) => line.length > MAX_LINE_CHARS ? line.slice(0, MAX_LINE_CHARS) : line
