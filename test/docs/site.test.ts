import { existsSync } from 'node:fs'
import t from 'tap'
import { placeOf, SECTIONS } from '../../docs/.vitepress/pages.js'
import { pages } from './blocks.js'

const listed = SECTIONS.flatMap(({ pages }) => pages.map(({ file }) => file))
const written = pages.filter(file => !/^README\.md$|^docs\/decisions\/\d/.test(file))

t.test('the sidebar of the site has every page, once', async t => {
  t.ok(written.length > 30)
  t.same([...listed].sort(), [...written].sort(), 'a new page goes into docs/.vitepress/pages.ts')
  t.same(listed.filter(file => !existsSync(file)), [])
  t.equal(new Set(listed.map(placeOf)).size, listed.length)
})

t.test('pages are where their links say', async t => {
  t.same(['docs/guide/https.md', 'docs/examples/django/README.md', 'docs/index.md', 'CHANGELOG.md'].map(placeOf), ['guide/https.md', 'examples/django/index.md', 'index.md', 'changelog.md'])
})
