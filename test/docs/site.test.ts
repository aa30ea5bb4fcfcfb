import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { placeOf, SECTIONS } from '../../docs/.vitepress/pages.js'

const listed = SECTIONS.flatMap(({ pages }) => pages.map(({ file }) => file))
const written = readdirSync('docs', { recursive: true, encoding: 'utf8' }).map(file => join('docs', file)).filter(file => file.endsWith('.md') && !/node_modules|^docs\/decisions\/\d/.test(file))

t.test('the sidebar of the site has every page, once', async t => {
  t.ok(written.length > 30)
  t.same([...listed].sort(), [...written, 'CHANGELOG.md', 'CONTRIBUTING.md'].sort(), 'a new page goes into docs/.vitepress/pages.ts')
  t.same(listed.filter(file => !existsSync(file)), [])
  t.equal(new Set(listed.map(placeOf)).size, listed.length)
})

t.test('pages are where their links say', async t => {
  t.same(['docs/guide/https.md', 'docs/examples/django/README.md', 'docs/index.md', 'CHANGELOG.md'].map(placeOf), ['guide/https.md', 'examples/django/index.md', 'index.md', 'changelog.md'])
})
