import t from 'tap'
// @ts-ignore: the page is plain JavaScript; test/dashboard/tsconfig.json checks its types
import { specsOf } from '../../../src/dashboard/edit/fields.js'
// @ts-ignore
import { patchBetween, typed, valueAt, withValue } from '../../../src/dashboard/edit/values.js'
import { CameraSchema } from '../../../src/config/schema.js'
import { mergePatch } from '../../../src/edit/merge.js'
import type { PlainMap } from '../../../src/yaml/edit/plain.js'

type Kind = 'text' | 'secret' | 'number' | 'flag' | 'map'

t.test('the editor of cameras', async t => {
  t.test('has a field for each key of the schema, of the kind that it takes', async t => {
    const specs = specsOf(CameraSchema) as Array<{ path: string[], kind: string, options: string[], preset: string, description: string }>
    const kinds = Object.fromEntries(specs.map(({ path, kind }) => [path.join('.'), kind]))
    t.match(kinds, {
      source: 'map', substream: 'map', name: 'text', username: 'text', password: 'secret', transport: 'choice', fps: 'number', quality: 'number', rotate: 'number', onDemand: 'flag', renditions: 'map', 'crop.x': 'number', 'overlay.clock': 'flag'
    })
    t.same([...new Set(specs.map(({ path }) => path[0]))], Object.keys(CameraSchema.properties))
    t.match(specs.find(({ path }) => path[0] === 'flip'), { options: ['none', 'horizontal', 'vertical', 'both'], preset: 'none', description: /Mirrors the picture/ })
    t.same(specs.filter(({ description }) => description === ''), [])
  })
  t.test('sends what was typed as the schema has it', async t => {
    t.same([['', 'text'], [' a ', 'text'], [' a ', 'secret'], ['5', 'number'], ['85%', 'number'], ['true', 'flag'], ['false', 'flag'], ['rtsp://a', 'map'], ['{"type":"tapo"}', 'map'], ['{bad', 'map'], ['7', 'text']].map(([text, kind]) => typed(text!, kind as Kind)),
      [undefined, 'a', ' a ', 5, '85%', true, false, 'rtsp://a', { type: 'tapo' }, '{bad', '7'])
  })
  t.test('sends only what has changed', async t => {
    const before: PlainMap = { source: 'rtsp://a', password: { set: true }, fps: 5, crop: { x: 1, y: 2, width: 30, height: 40 } }
    t.same(patchBetween(before, before), {})
    const after = withValue(withValue(withValue(before, ['fps'], undefined), ['crop', 'x'], 3), ['overlay', 'name'], true)
    t.same(patchBetween(before, after), { fps: null, crop: { x: 3 }, overlay: { name: true } })
    t.same(mergePatch(before, patchBetween(before, after)), after)
    t.same(patchBetween(before, ['x', 'y', 'width', 'height'].reduce<PlainMap>((map, key) => withValue(map, ['crop', key], undefined), before)), { crop: null }, 'an empty map is none')
    t.equal(valueAt(before, ['crop', 'y']), 2)
    t.equal(valueAt(before, ['overlay', 'name']), undefined)
    t.same(Object.keys(withValue(before, ['fps'], 6)), Object.keys(before), 'the order stays')
  })
})
