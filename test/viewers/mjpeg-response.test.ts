import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import t from 'tap'
import type { Frame } from '../../src/frames/frame.js'
import { assembleFrame, partOf } from '../../src/multipart.js'
import { MjpegResponse, type MjpegOptions } from '../../src/viewers/mjpeg-response.js'

const picture = { pieces: [Buffer.from('picture')], length: 7, width: 4, height: 3 }
const frame = assembleFrame(picture, { seq: 1, at: 0, wall: 0 })
const statusFrame = assembleFrame(picture, { seq: 1, at: 0, wall: 0, state: 'stopped' })
const last = () => ({ picture, stamp: { at: 0, wall: 0, state: 'ended' } })

/** A response to a viewer whose connection accepts data at once, or when `drain` is called. */
function play (connection?: string, options: MjpegOptions = {}) {
  const timeouts: number[] = []
  const drained: Array<() => void> = []
  const probes: unknown[] = []
  const parts: string[] = []
  const ended: string[] = []
  const socket = Object.assign(new EventEmitter(), {
    writableLength: 0,
    readableEnded: false,
    write (bytes: unknown, taken?: () => void) {
      if (taken) drained.push(taken)
      else if (bytes instanceof Buffer) parts.push(bytes.toString())
      else probes.push(bytes)
    }
  })
  const response = Object.assign(new EventEmitter(), {
    req: { headers: { connection } },
    setTimeout (ms: number) { timeouts.push(ms) },
    removeHeader () {},
    writeHead () {},
    write () {},
    end () { ended.push('complete') },
    destroy () {
      ended.push('destroyed')
      response.emit('close')
    }
  })
  const sink = new MjpegResponse(response as unknown as ServerResponse, socket as unknown as Socket, {}, options)
  sink.onGone(why => { ended.push(why) })
  let taken = 0
  return {
    timeouts,
    probes,
    parts,
    show (frame: Frame) { sink.write(frame, () => {}) },
    end () { sink.end() },
    halfClose () { socket.emit('end') },
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

  t.test('ends when its viewer accepts no data for 15 seconds during one frame', async t => {
    const viewer = play()
    viewer.send('slow')
    for (let i = 0; i < 2; i++) viewer.wait()
    t.same([viewer.ended, viewer.taken, viewer.timeouts], [[], 0, [5_000, 5_000, 5_000]])
    viewer.wait()
    t.same(viewer.ended, ['stalled', 'destroyed'])
  })

  t.test('continues while each frame is accepted in the end', async t => {
    const viewer = play()
    for (let i = 1; i <= 3; i++) {
      viewer.send('slow')
      for (let j = 0; j < 2; j++) viewer.wait()
      viewer.drain()
      t.equal(viewer.taken, i)
      t.equal(viewer.timeouts.at(-1), 0, 'no timer is left')
    }
    viewer.send('fast')
    t.equal(viewer.taken, 4, 'and is fast again when nothing is left unsent')
    t.same(viewer.ended, [])
  })

  t.test('probes a half-closed viewer between its frames, and only that one', async t => {
    const viewer = play()
    viewer.send('fast')
    viewer.halfClose()
    t.same([viewer.timeouts, viewer.probes], [[1_000], ['X-Waiting: yes\r\n']], 'at once, with a header of the next part')
    viewer.wait()
    t.equal(viewer.probes.length, 2)
    viewer.send('slow')
    viewer.wait()
    t.equal(viewer.probes.length, 2, 'not within a frame')
    viewer.drain()
    t.equal(viewer.timeouts.at(-1), 1_000, 'and again after it')
    for (let i = 0; i < 2; i++) viewer.wait()
    t.equal(viewer.probes.length, 4)
    t.same(viewer.ended, [], 'for as long as it reads')
  })

  t.test('does not end with a picture of the camera, which a browser would go on showing', async t => {
    const viewer = play(undefined, { last })
    viewer.show(frame)
    viewer.end()
    t.equal(viewer.parts.length, 2)
    t.match(viewer.parts[1], /X-Sequence: 2\r\nX-Camera-State: ended\r\n\r\npicture\r\n--/)
    t.same(viewer.ended, ['complete'])
    for (const [shown, options] of [[statusFrame, { last }], [frame, {}]] as const) {
      const other = play(undefined, options)
      other.show(shown)
      other.end()
      t.same([other.parts, other.ended], [[partOf(shown).toString()], ['complete']], 'a status frame stays, and programs get pictures only')
    }
    const early = play(undefined, { last })
    early.end()
    t.same([early.parts, early.ended], [[], ['complete']], 'nor is there anything to correct before the first')
  })

  t.test('ends at once when a viewer that wanted to keep the connection closes it', async t => {
    const viewer = play('keep-alive')
    viewer.halfClose()
    t.same(viewer.ended, ['destroyed', 'left'])
  })
})
