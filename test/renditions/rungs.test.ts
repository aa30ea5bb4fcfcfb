import t from 'tap'
import type { Frame } from '../../src/frames/frame.js'
import { rungsOf, USUAL } from '../../src/renditions/rungs.js'

const newest = { live: true, width: 1280, height: 720 } as Frame
const names = (...args: Parameters<typeof rungsOf>) => rungsOf(...args).map(({ name }) => name)

t.test('the rungs of a camera', async t => {
  t.test('are those of its renditions that are smaller, the largest first', async t => {
    t.same(names({ fps: 20 }, newest, [
      { name: 'thumb', width: 320 }, { name: 'same', width: 1280 }, { name: 'low', height: 360 }, { name: 'better', width: 1280, quality: 2 },
      { name: 'coarse', quality: 9 }, { name: 'clock', width: 320, fps: 0.5 }, { name: 'half', fps: 10 }
    ]), ['coarse', 'half', 'low', 'thumb'])
  })
  t.test('are guessed by pixels, quality and rate', async t => {
    const [rung] = rungsOf({ fps: 20, quality: 2 }, newest, [{ name: 'low', width: 640, fps: 10 }])
    t.ok(rung!.share > 0.05 && rung!.share < 0.1, `${rung!.share}`)
  })
  t.test('are guessed by the size that the picture will have, while there is none', async t => {
    t.same(names({ fps: 20 }, undefined, USUAL), ['w640', 'w320'])
    t.same(names({ fps: 20, width: 640 }, undefined, USUAL), ['w320'])
    t.same(names({ fps: 20, width: 640 }, { ...newest, live: false }, USUAL), ['w320'], 'the words for it have a size of their own')
    t.same(names({ fps: 20 }, { ...newest, width: 320, height: 180 }, USUAL), [])
  })
})
