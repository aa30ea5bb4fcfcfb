import type { SplitJpeg } from '../frames/frame.js'
import { JpegSplitter } from '../frames/splitter.js'

/** Of what stands between two pictures, so many bytes are looked at: the boundary and the headers of a part. */
const MOST_HEADERS = 2_048

export interface Part {
  readonly bytes: Buffer
  /** Pixels. */
  readonly width: number
  readonly height: number
  /** Where the picture is a camgate's status frame: the state of its camera there. */
  readonly state: string | undefined
  /** Whether it says so: another camgate does. */
  readonly damaged: boolean
}

/**
 * The pictures of an HTTP body, cut anywhere. They are told from what is between them by walking each JPEG to its end, not by boundary and
 * Content-Length: a picture is whole, and goes out, with its own last byte; and cameras write boundaries that are not the announced one
 * (legege/node-mjpeg-proxy pull 5, scottlamb/multipart-stream-rs pull 2), leave the first one out (arendst/Tasmota issue 12376), and count
 * their bytes wrong. Part headers are looked at only for what they say of the picture.
 */
export class PartReader {
  /** Bytes and pictures that came. */
  bytes = 0
  pictures = 0
  readonly #splitter: JpegSplitter
  /** The beginning of what stands behind the last picture, and where in the count of bytes it began. */
  #between: Buffer[] = []
  #betweenBytes = 0
  #betweenAt = 0
  #chunk: Buffer = Buffer.alloc(0)
  #behind = 0

  constructor (onPart: (part: Part) => void) {
    this.#splitter = new JpegSplitter((jpeg, end) => {
      const headers = this.#headersOf(jpeg, end)
      this.pictures++
      onPart({
        ...{ bytes: Buffer.concat(jpeg.pieces as Buffer[]), width: jpeg.width, height: jpeg.height },
        ...{ state: last(headers, /^x-camera-state:[ \t]*([\w-]{1,20})/gim), damaged: /^x-damaged:[ \t]*1/im.test(headers) }
      })
    })
  }

  /** Throws FRAME_TOO_LARGE. */
  push (chunk: Buffer): void {
    this.#chunk = chunk
    this.#behind = 0
    this.#splitter.push(chunk)
    this.#keep(chunk.subarray(this.#behind))
    this.bytes += chunk.length
  }

  /** What the part behind the last picture calls itself, where that is no JPEG. */
  get otherType (): string | undefined {
    const type = last(Buffer.concat(this.#between).toString('latin1'), /^content-type:[ \t]*([\w.+-]{1,40}\/[\w.+-]{1,40})(?=[\s;])/gim)
    return type === undefined || /jpe?g$/i.test(type) ? undefined : type
  }

  #headersOf (jpeg: SplitJpeg, end: number): string {
    const began = this.bytes + end - jpeg.length
    this.#keep(this.#chunk.subarray(this.#behind, Math.max(this.#behind, end - jpeg.length)))
    const headers = Buffer.concat(this.#between).toString('latin1', 0, Math.max(0, began - this.#betweenAt))
    this.#between = []
    this.#betweenBytes = 0
    this.#betweenAt = this.bytes + end
    this.#behind = end
    return headers
  }

  #keep (bytes: Buffer): void {
    const kept = Buffer.from(bytes.subarray(0, MOST_HEADERS - this.#betweenBytes)) // a copy: a view would hold the whole chunk
    this.#betweenBytes += kept.length
    if (kept.length > 0) this.#between.push(kept)
  }
}

const last = (text: string, pattern: RegExp): string | undefined => [...text.matchAll(pattern)].at(-1)?.[1]
