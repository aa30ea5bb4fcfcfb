import t from 'tap'
import type { Frame } from '../../src/frames/frame.js'
import { DEFAULT_RENDITIONS, smallerRenditions } from '../../src/renditions/rendition-options.js'

const newest = { live: true, width: 1280, height: 720 } as Frame
const names = (...args: Parameters<typeof smallerRenditions>) => smallerRenditions(...args).map(({ name }) => name)

t.test('the smaller renditions of a camera', async t => {
  t.test('are those that take fewer bytes, the largest first', async t => {
    t.same(names({ fps: 20 }, newest, undefined, [
      { name: 'thumb', width: 320 }, { name: 'same', width: 1280 }, { name: 'low', height: 360 }, { name: 'better', width: 1280, quality: 2 },
      { name: 'coarse', quality: 9 }, { name: 'clock', width: 320, fps: 0.5 }, { name: 'half', fps: 10 }
    ]), ['coarse', 'half', 'low', 'thumb'])
  })
  t.test('have their share estimated by pixels, quality and rate', async t => {
    const [low] = smallerRenditions({ fps: 20, quality: 2 }, newest, undefined, [{ name: 'low', width: 640, fps: 10 }])
    t.ok(low!.share > 0.05 && low!.share < 0.1, `${low!.share}`)
  })
  t.test('have it estimated by the configured size before the first picture', async t => {
    t.same(names({ fps: 20 }, undefined, undefined, DEFAULT_RENDITIONS), ['w640', 'w320'])
    t.same(names({ fps: 20, width: 640 }, undefined, undefined, DEFAULT_RENDITIONS), ['w320'])
    t.same(names({ fps: 20, width: 640 }, { ...newest, live: false }, undefined, DEFAULT_RENDITIONS), ['w320'], 'a status frame may have another size')
    t.same(names({ fps: 20 }, { ...newest, width: 320, height: 180 }, undefined, DEFAULT_RENDITIONS), [])
  })
  t.test('have it estimated by the size of the coded pictures before one was decoded', async t => {
    const coded = { width: 3_840, height: 2_160 }
    const configs = [{ name: 'hd', width: 1_920 }, { name: 'tall', height: 1_920 }]
    t.same(names({ fps: 20 }, undefined, coded, configs), ['tall', 'hd'])
    t.same(names({ fps: 20, rotate: 90 }, undefined, coded, configs), ['hd', 'tall'], 'it is 2160 pixels wide')
    t.same(names({ fps: 20, width: 1_280 }, undefined, coded, configs.slice(0, 1)), [], 'the configuration wins')
    t.same(names({ fps: 20 }, newest, coded, configs), [], 'as does a picture')
  })
})
