import { createHash } from 'node:crypto'
import t from 'tap'
import { inlined } from '../../src/http/inlined.js'

const files: Record<string, string> = { 'a.css': 'p { color: $& }', 'b/b.css': 'b {}', 'early.js': 'early()' }
const html = '<link rel="stylesheet" href="a.css"><link rel="stylesheet" href="b/b.css"><script src="early.js" data-inline></script><script src="main.js"></script><link rel="icon" href="c.svg">'

t.test('a page with its small files in it', async t => {
  const page = inlined(html, file => files[file]!)
  const contents = (tag: string) => [...page.html.matchAll(new RegExp(`<${tag}>([^]*?)</${tag}>`, 'g'))].map(([, text = '']) => text)
  t.same(contents('style').map(text => text.trim()), ['p { color: $& }', 'b {}'], 'the text as it is')
  t.same(contents('script').map(text => text.trim()), ['early()'])
  t.match(page.html, '</script><script src="main.js"></script><link rel="icon" href="c.svg">', 'the others stay')
  const hashes = (texts: string[]) => texts.map(text => `'sha256-${createHash('sha256').update(text).digest('base64')}'`)
  t.same([page.styles, page.scripts], [hashes(contents('style')), hashes(contents('script'))], 'what browsers compare')
})
