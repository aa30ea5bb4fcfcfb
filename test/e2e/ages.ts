import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { buffer } from 'node:stream/consumers'
import type { Test } from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import type { Simulator } from '../../src/simulator/simulator.js'
import { readFrameNumber, strip } from '../../src/clips/strip.js'
import type { Service } from './service.js'
import { view, type Part } from './viewer.js'

/**
 * How old a camera's pictures are at its viewers, from when it sent them. A loss may leave old squares in a picture: one that says that it is
 * damaged is taken to be the oldest that it can be, the next one after the clean picture before it and those between the two.
 */
export class Ages {
  readonly #id: string
  /** When each was sent last, by its number, which comes again after a loop of the camera. */
  readonly #sent = new Map<number, number>()

  readonly #count: number

  /** `count` is how many pictures its loop has. */
  constructor (t: Test, simulator: Simulator, id: string, count: number) {
    this.#id = id
    this.#count = count
    t.teardown(simulator.onPicture(id, (number, at) => this.#sent.set(number, at)))
  }

  /** Of each picture that a viewer gets in so long a time from the first clean one on, in milliseconds. */
  async seen (t: Test, service: Service, ms: number): Promise<number[]> {
    const viewer = view(t, new URL(`camera/${this.#id}`, service.url))
    const came: Array<Part & { at: number, sent: Map<number, number> }> = []
    viewer.socket.on('data', () => {
      for (const part of viewer.live.slice(came.length)) came.push({ ...part, at: performance.now(), sent: new Map(this.#sent) })
    })
    await new Promise(resolve => { setTimeout(resolve, ms) })
    await viewer.leave()
    const numbers = await numbersIn(came.map(({ jpeg }) => jpeg))
    let clean: { number: number, sequence: number } | undefined
    return came.flatMap(({ at, sent, damaged, sequence }, index) => {
      if (!damaged) clean = { number: numbers[index] ?? NaN, sequence }
      if (index === 0 || !clean) return [] // the first was there before
      return Math.round(at - (sent.get((clean.number + sequence - clean.sequence) % this.#count) ?? NaN))
    })
  }
}

/** The numbers that stand in the pictures, which are all of one size. */
export async function numbersIn (jpegs: readonly Buffer[]): Promise<Array<number | null>> {
  const [width, height] = [strip.blocks * strip.blockSize, strip.blockSize]
  const child = spawn(findFfmpeg()!, ['-v', 'error', '-f', 'mjpeg', '-i', 'pipe:0', '-vf', `crop=${width}:${height}:0:ih-${height}`, '-fps_mode', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'gray', 'pipe:1'], { stdio: ['pipe', 'pipe', 'inherit'] })
  const closed = once(child, 'close')
  child.stdin.end(Buffer.concat(jpegs))
  const pixels = await buffer(child.stdout)
  await closed
  return jpegs.map((_, index) => readFrameNumber({ pixels: pixels.subarray(index * width * height, (index + 1) * width * height), width, height }))
}
