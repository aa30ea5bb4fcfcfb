import { BOUNDARY } from '../../src/multipart.js'

export interface Part { readonly headers: Readonly<Record<string, string>>, readonly body: Buffer }

const OPENING = `--${BOUNDARY}\r\n`
const BETWEEN = Buffer.from(`\r\n${OPENING}`)
const MAX_HEADER_CHARS = 1_000

/** Splits an MJPEG response by the rules of RFC 2046. Throws at anything that breaks them. */
export class PartReader {
  #held = Buffer.alloc(0)
  #opened = false
  #headers: Record<string, string> | undefined

  /** Returns the parts that these bytes complete. */
  push (chunk: Buffer): Part[] {
    this.#held = Buffer.concat([this.#held, chunk])
    const parts: Part[] = []
    for (let part = this.#next(); part; part = this.#next()) parts.push(part)
    return parts
  }

  #next (): Part | undefined {
    if (!this.#opened) {
      if (this.#held.length < OPENING.length) return
      if (this.#take(OPENING.length).toString('latin1') !== OPENING) throw new Error('the response does not begin with its boundary')
      this.#opened = true
    }
    this.#headers ??= this.#readHeaders()
    if (!this.#headers) return
    const headers = this.#headers
    const length = Number(headers['content-length'])
    if (this.#held.length < length + BETWEEN.length) return
    const body = this.#take(length)
    if (!this.#take(BETWEEN.length).equals(BETWEEN)) throw new Error(`no boundary after the ${length} bytes of Content-Length`)
    this.#headers = undefined
    return { headers, body }
  }

  #readHeaders (): Record<string, string> | undefined {
    const end = this.#held.indexOf('\r\n\r\n')
    if (end < 0 && this.#held.length < MAX_HEADER_CHARS) return
    if (end < 0 || end > MAX_HEADER_CHARS) throw new Error('the headers of a part do not end')
    const lines = this.#take(end + 4).toString('latin1').trim().split('\r\n')
    return Object.fromEntries(lines.map(line => {
      const [, name, value] = /^([\w-]+): (.*)$/.exec(line) ?? []
      if (name === undefined || value === undefined) throw new Error(`an invalid header: ${JSON.stringify(line)}`)
      return [name.toLowerCase(), value]
    }))
  }

  #take (count: number): Buffer {
    const taken = this.#held.subarray(0, count)
    this.#held = this.#held.subarray(count)
    return taken
  }
}

/** Returns what is wrong with a body that should be one whole JPEG. */
export function jpegFault (body: Buffer): string | undefined {
  if (body.indexOf('ffd8ff', 0, 'hex') !== 0) return 'a picture without SOI'
  if (body.subarray(-2).toString('hex') !== 'ffd9') return 'a picture without EOI'
  if (body.indexOf('ffd8ff', 1, 'hex') > 0) return 'two pictures in one'
  return undefined
}
