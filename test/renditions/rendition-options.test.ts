import t from 'tap'
import type { Frame } from '../../src/frames/frame.js'
import { DEFAULT_RENDITIONS, smallerRenditions } from '../../src/renditions/rendition-options.js'

const newest = { live: true, width: 1280, height: 720 } as Frame
const names = (...args: Parameters<typeof smallerRenditions>) => smallerRenditions(...args).map(({ name }) => name)

t.test('the smaller renditions of a camera', async t => {
  t.test('are those that take fewer bytes, the largest first', async t => {
    t.same(names({ fps: 20 }, newest, [
      { name: 'thumb', width: 320 }, { name: 'same', width: 1280 }, { name: 'low', height: 360 }, { name: 'better', width: 1280, quality: 2 },
      { name: 'coarse', quality: 9 }, { name: 'clock', width: 320, fps: 0.5 }, { name: 'half', fps: 10 }
    ]), ['coarse', 'half', 'low', 'thumb'])
  })
  t.test('have their share estimated by pixels, quality and rate', async t => {
    const [low] = smallerRenditions({ fps: 20, quality: 2 }, newest, [{ name: 'low', width: 640, fps: 10 }])
    t.ok(low!.share > 0.05 && low!.share < 0.1, `${low!.share}`)
  })
  t.test('have it estimated by the configured size before the first picture', async t => {
    t.same(names({ fps: 20 }, undefined, DEFAULT_RENDITIONS), ['w640', 'w320'])
    t.same(names({ fps: 20, width: 640 }, undefined, DEFAULT_RENDITIONS), ['w320'])
    t.same(names({ fps: 20, width: 640 }, { ...newest, live: false }, DEFAULT_RENDITIONS), ['w320'], 'a status frame may have another size')
    t.same(names({ fps: 20 }, { ...newest, width: 320, height: 180 }, DEFAULT_RENDITIONS), [])
  })
})
