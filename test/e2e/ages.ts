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
 * Measures how old a camera's pictures are when a viewer gets them, counted from when the camera sent them. A damaged picture may show parts
 * of older ones and an older number, so its number is taken from the last clean picture and the count since.
 */
export class Ages {
  readonly #id: string
  /** When each number was last sent. Numbers repeat after a loop of the clip. */
  readonly #sent = new Map<number, number>()

  readonly #count: number

  /** `count` is the number of pictures in the clip. */
  constructor (t: Test, simulator: Simulator, id: string, count: number) {
    this.#id = id
    this.#count = count
    t.teardown(simulator.onPicture(id, (number, at) => this.#sent.set(number, at)))
  }

  /** How old this picture was at `at`, in milliseconds. */
  async of (jpeg: Buffer, at: number): Promise<number> {
    const sent = new Map(this.#sent)
    const [number] = await numbersIn([jpeg])
    return Math.round(at - (sent.get(number ?? NaN) ?? NaN))
  }

  /** Watches for `ms`, and returns the age in milliseconds of each picture after the first clean one. */
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
      if (index === 0 || !clean) return [] // the first one was there before
      return Math.round(at - (sent.get((clean.number + sequence - clean.sequence) % this.#count) ?? NaN))
    })
  }
}

/** Reads the numbers in the pictures, which must have one size. */
export async function numbersIn (jpegs: readonly Buffer[]): Promise<Array<number | null>> {
  const [width, height] = [strip.blocks * strip.blockSize, strip.blockSize]
  const child = spawn(findFfmpeg()!, ['-v', 'error', '-f', 'mjpeg', '-i', 'pipe:0', '-vf', `crop=${width}:${height}:0:ih-${height}`, '-fps_mode', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'gray', 'pipe:1'], { stdio: ['pipe', 'pipe', 'inherit'] })
  const closed = once(child, 'close')
  child.stdin.end(Buffer.concat(jpegs))
  const pixels = await buffer(child.stdout)
  await closed
  return jpegs.map((_, index) => readFrameNumber({ pixels: pixels.subarray(index * width * height, (index + 1) * width * height), width, height }))
}
