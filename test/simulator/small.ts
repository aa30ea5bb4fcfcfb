import type { Clip, ClipPicture } from '../../src/clips/clip.js'
import type { Scene } from '../../src/clips/scene.js'
import type { SimulatedCamera } from '../../src/simulator/simulator.js'

/** A camera whose clip is made quickly: 20 pictures of 320x240. */
export const small = { name: 'Small', width: 320, height: 240, fps: 20, clipSeconds: 1 } as const satisfies Omit<SimulatedCamera, 'id'>

export const smallScene = (codec: Scene['codec'] = 'h264'): Scene =>
  ({ id: '1', name: 'Small', codec, width: 320, height: 240, fps: 20, seconds: 1 })

/** A clip of invented pictures with `packets` packets each; every fourth one is a key picture. */
export function madeUpClip (fill: number, packets = [2, 1, 1, 3, 2, 1, 1, 3], payloadBytes = 10): Clip {
  const size = 4 + 12 + payloadBytes
  const pictures = packets.map((count, index): ClipPicture => ({
    key: index % 4 === 0,
    shownLater: 0,
    bytes: Buffer.alloc(count * size, fill),
    packets: Array.from({ length: count }, (_, packet) => ({ offset: packet * size, size }))
  }))
  return { track: { codec: 'mjpeg', payloadType: 26, fps: 20 }, pictures }
}
