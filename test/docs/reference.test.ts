import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { keyMaps, keysPage, type Schema } from '../../docs/.vitepress/reference/keys.js'
import { routesPage, type Api } from '../../docs/.vitepress/reference/routes.js'
import { packageRoot } from '../../src/package.js'
import { readPage } from './blocks.js'

const readJson = (file: string) => JSON.parse(readFileSync(join(packageRoot, file), 'utf8')) as unknown
const schema = readJson('docs/cameras.schema.json') as Schema
const configuration = readPage('docs/configuration.md')
const maps = keyMaps('', schema)

for (const [page, text] of Object.entries({ 'docs/reference/keys.md': keysPage(schema), 'docs/reference/routes.md': routesPage(readJson('docs/openapi.json') as Api) })) {
  t.test(`${page} is what the schemas say`, async t => {
    if (process.env.WRITE_REFERENCE) writeFileSync(join(packageRoot, page), text)
    t.equal(readPage(page), text, 'npm run reference writes it anew')
  })
}

t.test('docs/configuration.md', async t => {
  const keys = [...new Set(maps.flatMap(({ properties }) => Object.keys(properties)))]
  t.test('explains every key', async t => {
    t.ok(keys.length > 80)
    t.same(keys.filter(key => !new RegExp(`\`[^\`\n]*\\b${key}\\b[^\`\n]*\`|^## ${key}$`, 'm').test(configuration)), [])
  })
  t.test('has the defaults of the schema', async t => {
    const camera = maps.find(({ title }) => title === 'cameras.ID')!
    const server = maps.find(({ title }) => title === 'server')!
    for (const [heading, { properties }] of [['server', server], ['cameras', camera]] as const) {
      const section = configuration.split(`\n## ${heading}\n`)[1]!.split('\n## ')[0]!
      const rows = [...section.matchAll(/^\| `(\w+)` \| .*? \| (?:`([^`|]+)`)? \| /gm)]
      t.ok(rows.length > 2, heading)
      for (const [, key, shown] of rows) if (shown !== undefined) t.equal(shown, String(properties[key!]?.default), `${heading}.${key}`)
    }
  })
})
