import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import t from 'tap'
import type { Frame } from '../../src/frames/frame.js'
import { MjpegResponse } from '../../src/http/mjpeg-response.js'

const frame = { part: Buffer.from('picture') } as Frame

/** A response to a viewer whose connection takes what it is sent at once, or when `drain` is called. */
function play () {
  const timeouts: number[] = []
  const drained: Array<() => void> = []
  let ended = ''
  const socket = {
    writableLength: 0,
    write (_bytes: unknown, taken?: () => void) { if (taken) drained.push(taken) }
  }
  const response = Object.assign(new EventEmitter(), {
    setTimeout (ms: number) { timeouts.push(ms) },
    removeHeader () {},
    writeHead () {},
    write () {},
    destroy () { ended += 'destroyed' }
  })
  const sink = new MjpegResponse(response as unknown as ServerResponse, socket as unknown as Socket, {}, () => { ended += 'stalled, ' })
  let taken = 0
  return {
    timeouts,
    get taken () { return taken },
    get ended () { return ended },
    send (how: 'fast' | 'slow') {
      socket.writableLength = how === 'slow' ? 1 : 0
      sink.write(frame, () => { taken++ })
    },
    wait () { response.emit('timeout') },
    drain () {
      socket.writableLength = 0
      for (const each of drained.splice(0)) each()
    }
  }
}

t.test('an MJPEG response', async t => {
  t.test('has no timer while its viewer keeps up', async t => {
    const viewer = play()
    for (let i = 1; i <= 20; i++) {
      viewer.send('fast')
      t.equal(viewer.taken, i, 'at once')
    }
    t.same(viewer.timeouts, [])
  })

  t.test('is over when its viewer takes nothing three times within one frame', async t => {
    const viewer = play()
    viewer.send('slow')
    for (let i = 0; i < 2; i++) viewer.wait()
    t.same([viewer.ended, viewer.taken, viewer.timeouts], ['', 0, [5_000, 5_000, 5_000]])
    viewer.wait()
    t.equal(viewer.ended, 'stalled, destroyed')
  })

  t.test('goes on while each frame is taken in the end', async t => {
    const viewer = play()
    for (let i = 1; i <= 3; i++) {
      viewer.send('slow')
      for (let j = 0; j < 2; j++) viewer.wait()
      viewer.drain()
      t.equal(viewer.taken, i)
      t.equal(viewer.timeouts.at(-1), 0, 'nothing is waited for')
    }
    viewer.send('fast')
    t.equal(viewer.taken, 4, 'and is fast again when nothing is left unsent')
    t.equal(viewer.ended, '')
  })
})
