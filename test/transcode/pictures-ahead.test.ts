import t from 'tap'
import { PicturesAhead } from '../../src/transcode/pictures-ahead.js'

t.test('pictures ahead', async t => {
  t.test('are taken although a delimiter counts with the next picture', async t => {
    const ahead = new PicturesAhead()
    ahead.write(100, 0, 10)
    ahead.write(100, 20, 30)
    t.same([ahead.length, ahead.bytes, ahead.waitMs(50), ahead.hasBegun], [2, 200, 50, false])
    ahead.take(93, 50)
    t.same([ahead.length, ahead.bytes, ahead.waitMs(50), ahead.hasBegun], [1, 107, 30, true])
    ahead.take(107, 60)
    t.same([ahead.length, ahead.bytes, ahead.waitMs(90)], [0, 0, 0])
  })
  t.test('are timed from when ffmpeg could take them, except for the first', async t => {
    const ahead = new PicturesAhead()
    ahead.write(100, 0, 0)
    ahead.take(100, 500)
    t.same([ahead.msPerPicture, ahead.steadyMsPerPicture], [0, 0])
    ahead.write(100, 600, 600)
    ahead.take(100, 604)
    t.same([ahead.msPerPicture, ahead.steadyMsPerPicture], [1, 4], 'a quarter of the newest')
    ahead.write(100, 700, 700)
    ahead.write(100, 700, 700)
    ahead.take(200, 708)
    t.equal(ahead.steadyMsPerPicture, 4, '4, 8 and 0')
  })
  t.test('have a steady pace, which a single hitch does not change', async t => {
    const ahead = new PicturesAhead()
    for (const [i, ms] of [0, 4, 4, 4, 4, 700].entries()) {
      ahead.write(100, 1_000 * i, 1_000 * i)
      ahead.take(100, 1_000 * i + ms)
    }
    t.equal(ahead.steadyMsPerPicture, 4)
    t.ok(ahead.msPerPicture > 170)
  })
})
