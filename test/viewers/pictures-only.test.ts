import t from 'tap'
import type { Frame } from '../../src/frames/frame.js'
import { PicturesOnly, wantsPicturesOnly } from '../../src/viewers/pictures-only.js'

const status = { live: false, width: 640, height: 360 } as Frame
const picture = (width: number, height = 544) => ({ live: true, width, height }) as Frame

function play () {
  const written: Frame[] = []
  let [ended, taken] = [false, 0]
  const sink = new PicturesOnly({ write (frame, done) { written.push(frame); done() }, end () { ended = true }, link: () => ({ deliveredBytes: 1, roundTripMs: 2, minRoundTripMs: 3 }) })
  return { sink, written, send: (frame: Frame) => sink.write(frame, () => { taken++ }), get ended () { return ended }, get taken () { return taken } }
}

t.test('pictures only', async t => {
  t.test('are the camera\'s, without the status frames before, between or after them', async t => {
    const viewer = play()
    const pictures = [picture(960), picture(960)]
    for (const frame of [status, pictures[0]!, status, pictures[1]!, status]) viewer.send(frame)
    t.same(viewer.written, pictures)
    t.equal(viewer.taken, 5, 'the next one may come')
    t.notOk(viewer.ended)
  })
  t.test('end when their size changes', async t => {
    for (const other of [picture(480), picture(960, 540)]) {
      const viewer = play()
      viewer.send(picture(960))
      viewer.send(other)
      t.same([viewer.written.length, viewer.ended], [1, true])
    }
  })
  t.test('end with the stream, and have its link', async t => {
    const viewer = play()
    t.equal(viewer.sink.link()?.deliveredBytes, 1)
    viewer.sink.end()
    t.ok(viewer.ended)
  })
  t.test('are for OpenCV, recognized by the library that it reads with', async t => {
    for (const agent of ['Lavf/59.27.100', 'Lavf/62.12.102', 'GStreamer souphttpsrc 1.22.0 libsoup/3.2.3']) t.ok(wantsPicturesOnly(agent), agent)
    for (const agent of [undefined, '', 'curl/8.5.0', 'VLC/3.0.18 LibVLC/3.0.18', 'Mozilla/5.0 (X11; Linux x86_64) Lavf/1']) t.notOk(wantsPicturesOnly(agent), agent ?? 'none')
  })
})
