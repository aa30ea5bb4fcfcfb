import { createInterface, type Interface } from 'node:readline'
import { Writable } from 'node:stream'
import type { ReadStream } from 'node:tty'

export interface QuestionStreams {
  readonly stdin: NodeJS.ReadableStream & Pick<ReadStream, 'isTTY'>
  /** For the questions, so that stdout has the answer alone. */
  readonly stderr: NodeJS.WritableStream
}

/** Reads answers line by line. On a terminal it asks with prompts, and can hide what is typed. */
export class Questions {
  readonly isTerminal: boolean
  readonly #stderr: NodeJS.WritableStream
  readonly #input: Interface
  readonly #lines: AsyncIterator<string>
  #hidden = false
  #ended = false

  constructor ({ stdin, stderr }: QuestionStreams, interrupt = interruptProcess) {
    this.isTerminal = stdin.isTTY === true
    this.#stderr = stderr
    const echo = new Writable({
      write: (chunk, _encoding, done) => {
        if (!this.#hidden) stderr.write(chunk)
        done()
      }
    })
    Object.assign(echo, { columns: (stderr as { columns?: number }).columns }) // readline asks its output how long a line is
    this.#input = createInterface({ input: stdin, output: echo, terminal: this.isTerminal, historySize: 0 })
    this.#input.on('SIGINT', () => {
      this.close()
      interrupt()
    })
    this.#lines = this.#input[Symbol.asyncIterator]()
  }

  /** Returns the next line; undefined if the input has ended. Of a question of several lines, the last one is written again when somebody corrects the answer. */
  async ask (question: string): Promise<string | undefined> {
    if (this.isTerminal) {
      const end = question.lastIndexOf('\n') + 1
      this.#stderr.write(question.slice(0, end))
      this.#input.setPrompt(question.slice(end))
      this.#input.prompt()
    }
    return await this.#next()
  }

  /** The same, but a terminal does not show what is typed. */
  async askSecret (prompt: string): Promise<string | undefined> {
    if (this.isTerminal) this.#stderr.write(prompt)
    this.#hidden = true
    try {
      return await this.#next()
    } finally {
      this.#hidden = false
      if (this.isTerminal) this.#stderr.write('\n')
    }
  }

  /** Whether no answer can come any more. */
  get hasEnded (): boolean { return this.#ended }

  say (text: string): void {
    this.#stderr.write(`${text}\n`)
  }

  close (): void {
    this.#input.close()
  }

  async #next (): Promise<string | undefined> {
    const { value, done } = await this.#lines.next()
    if (done) this.#ended = true
    return done ? undefined : value
  }
}

/** Ends camgate as Ctrl+C does elsewhere; here it is a key, because the terminal is read key by key. */
const interruptProcess = () => { process.kill(process.pid, 'SIGINT') }
