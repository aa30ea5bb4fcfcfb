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
    const lines = [this.#unfinished + cut(first), ...rest].map(cut)
    this.#unfinished = lines.pop()!
    const last: string[] = []
    for (let line = lines.pop(); line !== undefined && last.length < MAX_LINES; line = lines.pop()) { // of a flood, only the end is processed
      const whole = line.length < MAX_LINE_CHARS ? line : line.slice(0, line.lastIndexOf(' ') + 1)
      if (whole) last.unshift(this.#transform(whole))
    }
    this.#lines.push(...last)
    this.#lines.splice(0, this.#lines.length - MAX_LINES)
  }

  /** Whole lines, the oldest first. A line that was too long ends with a whole word, because redaction could not recognise half a password. */
  get all (): readonly string[] { return this.#lines }
}

const cut = (line: string) => line.length > MAX_LINE_CHARS ? line.slice(0, MAX_LINE_CHARS) : line
