/* eslint-disable no-template-curly-in-string -- ${…} is what people write in the file */
import { readFileSync } from 'node:fs'
import t from 'tap'
import { Value } from 'typebox/value'
import { parse } from 'yaml'
import { editorSchema } from '../../src/config/editor-schema.js'

const takes = (text: string) => Value.Check(editorSchema(), parse(text))

t.test('the schema for editors', async t => {
  t.test('is what docs/cameras.schema.json holds (npm run schema writes it)', async t => {
    t.same(JSON.parse(readFileSync('docs/cameras.schema.json', 'utf8')), editorSchema())
  })
  t.test('accepts what camgate accepts', async t => {
    t.ok(takes(readFileSync('cameras.yaml', 'utf8')))
    t.ok(takes('cameras: { 1: { source: rtsp://x, username: 7, password: 0123, fps: "${FPS}", onDemand: "${LAZY}" } }'))
    t.ok(takes('x-base: { quality: 85% }\ncameras: { 1: rtsp://x, 2: { source: rtsp://x, quality: 85% } }'))
    for (const wrong of ['cameras: { 1: rtsp }', 'cameras: { 1: { source: rtsp://x, quality: 85 } }', 'cameras: { 1: { source: rtsp://x, name: "a\\nb" } }', 'y-base: {}\ncameras: { 1: rtsp://x }', '{}', 'cameras: {}', 'cameras: { 1: {} }', 'cameras: { 1: { source: rtsp://x, fps: 61 } }', 'cameras: { 1: { source: rtsp://x, pass: a } }',
      'cameras: { "a b": { source: rtsp://x } }', 'cameras: { 1: { source: { type: x } } }', 'cameras: { 1: { source: rtsp://x, fps: fast } }']) t.notOk(takes(wrong), wrong)
  })
  t.test('explains every key', async t => {
    const unexplained: string[] = []
    const walk = (schema: unknown, path: string): void => {
      if (typeof schema !== 'object' || schema === null) return
      const { properties, patternProperties, anyOf } = schema as Record<string, Record<string, object> | undefined>
      for (const [key, property] of Object.entries(properties ?? {})) {
        if (!('description' in property) && !('const' in property)) unexplained.push(`${path}.${key}`)
        walk(property, `${path}.${key}`)
      }
      for (const option of [...Object.values(patternProperties ?? {}), ...Object.values(anyOf ?? {})]) walk(option, `${path}.*`)
    }
    walk(editorSchema(), '')
    t.same(unexplained, [])
  })
})
