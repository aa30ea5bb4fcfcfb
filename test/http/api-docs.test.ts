import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { packageRoot } from '../../src/package.js'
import { build } from './build.js'
import { routesOf } from './routes-of.js'

interface ApiDescription {
  readonly openapi: string
  readonly paths: Record<string, Record<string, { readonly summary?: string, readonly tags: string[], readonly security: object[], readonly responses: Record<string, object> }>>
}

const committed = join(packageRoot, 'docs/openapi.json')

t.test('the description of the API', async t => {
  const { app } = await build(t)
  const answer = await app.inject('/openapi.json')
  const api = answer.json<ApiDescription>()
  const operations = Object.entries(api.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, ...operation })))
  t.test('is that of docs/openapi.json', async t => {
    const text = `${JSON.stringify(api, null, 2)}\n`
    if (process.env.WRITE_OPENAPI) writeFileSync(committed, text)
    t.equal(readFileSync(committed, 'utf8'), text, 'npm run openapi writes it anew')
    t.equal(api.openapi, '3.1.0')
  })
  t.test('has every route that is not a file of the page, with its right', async t => {
    const routes = await routesOf(t, async () => (await build(t)).app)
    const pathOf = (url: string) => url.replace(/:(\w+)/g, '{$1}')
    t.same([...new Set(routes.map(({ url }) => pathOf(url)))].filter(path => !isFile(path) && !api.paths[path]), [], 'its schema lacks a summary')
    const scopes = new Map(routes.map(({ method, url, scope }) => [`${method} ${pathOf(url)}`, scope]))
    t.same(operations.filter(({ name, tags }) => scopes.get(name) !== tags[0]).map(({ name }) => name), [])
    t.ok(operations.length > 15)
  })
  t.test('says what answers may be, and which proof is needed', async t => {
    t.same(operations.filter(({ responses }) => !responses.default).map(({ name }) => name), [])
    t.same(operations.filter(({ tags, security }) => (security.length === 0) !== (tags[0] === 'public')).map(({ name }) => name), [])
    t.same(operations.filter(({ security }) => security.some(proof => 'link' in proof)).map(({ name }) => name), ['GET /camera/{id}', 'GET /video_feed', 'GET /camera/{id}/snapshot'])
  })
  t.test('is shown by a page that needs no other server, also over plain http', async t => {
    for (const path of ['/docs', '/docs/']) {
      const { statusCode, headers, body } = await app.inject(path)
      t.equal(statusCode, 200)
      t.match(headers['content-type'], /^text\/html/)
      t.match(headers['content-security-policy'], /^default-src 'none';/)
      t.notMatch(headers['content-security-policy'], /https|upgrade-insecure|unsafe/)
      t.notMatch(body, /https?:\/\//)
    }
    t.match((await app.inject('/docs/static/swagger-initializer.js')).body, /validatorUrl: null,[^]*url: resolveUrl\('\.\/json'\)/)
    t.same((await app.inject('/docs/json')).json(), api, 'what it shows')
  })
})

/** Of the page, of view.js, and of the page at /docs. */
const isFile = (url: string) => /^\/(?:$|docs\b|.*\.(?:js|css|html|svg)$)/.test(url) || url.endsWith('*')
