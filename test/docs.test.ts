import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { editorSchema } from '../src/config/editor-schema.js'
import { pages, withoutBlocks } from './docs/blocks.js'
import { build } from './http/build.js'
import { routesOf } from './http/routes-of.js'

const read = (file: string) => readFileSync(file, 'utf8')
/** As GitHub makes them of headings, and those that a page has beside them. */
const anchorsOf = (file: string) => [
  ...[...withoutBlocks(file).matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id!),
  ...[...withoutBlocks(file).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading!.toLowerCase().replace(/[^\w\- ]/g, '').replaceAll(' ', '-'))
]
const sectionOf = (file: string, heading: string) => new RegExp(`^## ${heading}\\n(.*?)(?=^## )`, 'ms').exec(withoutBlocks(file))![1]!

t.test('links between pages lead somewhere', async t => {
  const links = pages.flatMap(page => [...withoutBlocks(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => ({ page, link: link! }))).filter(({ link }) => !/^https?:/.test(link))
  t.ok(links.length > 100)
  t.same(links.filter(({ page, link }) => {
    const [path = '', anchor] = link.split('#')
    const target = path === '' ? page : join(dirname(page), path)
    return !existsSync(target) || (anchor !== undefined && !anchorsOf(target).includes(anchor))
  }), [])
})

t.test('docs/guide.md', async t => {
  const guide = read('docs/guide.md')
  t.test('lists each page of the guide by its title', async t => {
    const listed = [...guide.matchAll(/\[([^\]]+)\]\((guide\/[^)]+)\)/g)].map(([, title, file]) => `# ${title} ${file}`)
    t.same(listed.sort(), readdirSync('docs/guide').map(file => `${/^# .*/.exec(read(`docs/guide/${file}`))} guide/${file}`).sort())
  })
  t.test('has an anchor for each chapter that it had when it was one page, for links from elsewhere', async t => {
    for (const chapter of ['install-and-run', 'passwords', 'when-there-is-no-picture', 'docker', 'state-folder', 'lost-packets']) t.match(guide, `<a id="${chapter}"></a>`)
  })
})

t.test('pages that messages of camgate name are there', async t => {
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(file => /\.(ts|js|mjs)$/.test(file)).map(file => join('src', file))
  const named = [...sources, 'cameras.yaml', 'compose.yaml', 'Dockerfile'].flatMap(file => [...read(file).matchAll(/\bdocs\/[\w./-]+\w/g)].map(([page]) => ({ file, page })))
  t.ok(named.length > 10)
  const decisions = readdirSync('docs/decisions').map(file => `docs/decisions/${file}`)
  t.same(named.filter(({ page }) => !existsSync(page) && !decisions.some(decision => decision.startsWith(`${page}-`))), [])
})

t.test('files that pages name are there', async t => {
  const named = pages.flatMap(page => [...withoutBlocks(page).matchAll(/`((?:src|test|bench|docs)\/[\w./-]+)`/g)].map(([, file]) => ({ page, file: file! })))
  t.ok(named.length > 50)
  t.same(named.filter(({ file }) => !existsSync(file)), [])
})

t.test('docs/http.md', async t => {
  t.test('lists every address', async t => {
    const [table = ''] = read('docs/http.md').split('\n## ')
    const listed = new Set<string>()
    for (const [, cell = ''] of table.matchAll(/^\| (.*?) \| /gm)) {
      let method = ''
      for (const [, verb = method, url = ''] of cell.matchAll(/`(?:(GET|POST|PUT|PATCH|DELETE) )?(\/[^`]*)`/g)) {
        method = verb
        listed.add(`${verb} ${url}`)
      }
    }
    const { app } = await build(t)
    const urls = new Set((await routesOf(t, async () => (await build(t)).app)).map(({ url }) => url).filter(url => url !== '*' && !/\.(?!json$)\w+$|^\/docs\//.test(url)))
    const answered: string[] = []
    for (const url of urls) {
      const others = await Promise.all((['PATCH', 'POST'] as const).map(async method => (await app.inject({ method, url })).headers.allow))
      const allow = others.find(list => list !== undefined)
      answered.push(...String(allow).split(', ').filter(method => method !== 'HEAD').map(method => `${method} ${url}`))
    }
    t.same([...listed].sort(), answered.sort())
  })

  t.test('has a row for every code of an error', async t => {
    const sources = ['errors', 'client-errors', 'redirect', 'methods'].map(name => read(`src/http/${name}.ts`)).join('\n')
    const pairs = [
      ...[...sources.matchAll(/\[(\d{3}), '([A-Z_]+)'/g), ...sources.matchAll(/\b(\d{3}): '([A-Z_]+)'/g), ...sources.matchAll(/problem\((\d{3}), (?:'|)([A-Z_]+)(?:'|\.code)/g)].map(([, status, code]) => `${status} ${code}`),
      ...[...sources.matchAll(/^ {2}([A-Z_]+): (\d{3})/gm)].map(([, code, status]) => `${status} ${code}`)
    ]
    const rows = [...sectionOf('docs/http.md', 'Errors').matchAll(/^\| (\d{3}) \| `([A-Z_]+)` \|/gm)].map(([, status, code]) => `${status} ${code}`).filter(row => !row.includes('FST_'))
    t.same([...new Set(rows)].sort(), [...new Set(pairs)].sort())
  })
})

t.test('docs/configuration.md describes every key of server', async t => {
  const described = [...(sectionOf('docs/configuration.md', 'server') + sectionOf('docs/configuration.md', 'auth')).matchAll(/`([^`]+)`/g)].map(([, text]) => text!).join(' ')
  const keysOf = (schema: unknown): string[] => {
    if (typeof schema !== 'object' || schema === null) return []
    const { properties = {}, ...others } = schema as { properties?: object }
    return [...Object.keys(properties), ...[...Object.values(properties), ...Object.values(others)].flatMap(keysOf)]
  }
  const keys = [...new Set(keysOf((editorSchema() as unknown as { properties: { server: unknown } }).properties.server))]
  t.ok(keys.length > 20 && keys.includes('redirectFrom') && keys.includes('audience'), keys.join(' '))
  t.same(keys.filter(key => !new RegExp(`\\b${key}\\b`).test(described)), [])
})
