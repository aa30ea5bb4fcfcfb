import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { buffer } from 'node:stream/consumers'
import type { Test } from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import type { Simulator } from '../../src/simulator/simulator.js'
import { readFrameNumber, strip } from '../../src/simulator/strip.js'
import type { Service } from './service.js'
import { view } from './viewer.js'

/** How old a camera's pictures are at its viewers, from when it sent them. */
export class Ages {
  readonly #id: string
  /** When each was sent last, by its number, which comes again after a loop of the camera. */
  readonly #sent = new Map<number, number>()

  constructor (t: Test, simulator: Simulator, id: string) {
    this.#id = id
    t.teardown(simulator.onPicture(id, (number, at) => this.#sent.set(number, at)))
  }

  /** Of each picture that a viewer gets in so long a time, in milliseconds. */
  async seen (t: Test, service: Service, ms: number): Promise<number[]> {
    const viewer = view(t, new URL(`camera/${this.#id}`, service.url))
    const came: Array<{ at: number, sent: Map<number, number>, jpeg: Buffer }> = []
    viewer.socket.on('data', () => {
      for (const { jpeg } of viewer.live.slice(came.length)) came.push({ at: performance.now(), sent: new Map(this.#sent), jpeg })
    })
    await new Promise(resolve => { setTimeout(resolve, ms) })
    await viewer.leave()
    const numbers = await numbersIn(came.map(({ jpeg }) => jpeg))
    return came.slice(1).map(({ at, sent }, index) => Math.round(at - (sent.get(numbers[index + 1]!) ?? NaN))) // the first was there before
  }
}

/** The numbers that stand in the pictures, which are all of one size. */
async function numbersIn (jpegs: readonly Buffer[]): Promise<Array<number | null>> {
  const [width, height] = [strip.blocks * strip.blockSize, strip.blockSize]
  const child = spawn(findFfmpeg()!, ['-v', 'error', '-f', 'mjpeg', '-i', 'pipe:0', '-vf', `crop=${width}:${height}:0:ih-${height}`, '-fps_mode', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'gray', 'pipe:1'], { stdio: ['pipe', 'pipe', 'inherit'] })
  const closed = once(child, 'close')
  child.stdin.end(Buffer.concat(jpegs))
  const pixels = await buffer(child.stdout)
  await closed
  return jpegs.map((_, index) => readFrameNumber({ pixels: pixels.subarray(index * width * height, (index + 1) * width * height), width, height }))
}
