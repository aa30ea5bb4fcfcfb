import t from 'tap'
import { PLAIN, type Draw } from '../../src/stream/drawing.js'
import { RefusalPictures } from '../../src/stream/refusal-pictures.js'
import { FakeClock } from '../fake-clock.js'
import { FakeLaunch } from '../fake-launch.js'

const caption = { title: 'No.', paragraphs: ['Not you.'] }

t.test('pictures of refusals', async t => {
  t.test('are drawn once for each caption', async t => {
    const clock = new FakeClock()
    const { draw, drawn } = new FakeLaunch(clock)
    const pictures = new RefusalPictures(draw, clock)
    const [first, second] = await Promise.all([pictures.picture(caption), pictures.picture(caption)])
    t.equal(first, second)
    await pictures.picture({ ...caption, title: 'Never.' })
    clock.advance(10_000)
    await pictures.picture(caption)
    t.same(drawn, ['No.', 'Never.'].map(title => ({ ...caption, title, width: 640, height: 360, over: undefined })))
  })

  t.test('are tried again if ffmpeg could not draw, but not at once', async t => {
    const clock = new FakeClock()
    let draws = 0
    const draw: Draw = async () => {
      draws++
      return PLAIN
    }
    const pictures = new RefusalPictures(draw, clock)
    for (let i = 0; i < 3; i++) t.equal(await pictures.picture(caption), PLAIN)
    t.equal(draws, 1)
    clock.advance(10_000)
    await pictures.picture(caption)
    t.equal(draws, 2)
  })
})
