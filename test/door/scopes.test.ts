import Fastify from 'fastify'
import t from 'tap'
import { inScope } from '../../src/door/scopes.js'
import { build } from '../http/build.js'
import { routesOf } from '../http/routes-of.js'

t.test('a route', async t => {
  const { app } = await build(t)
  const routes = (await routesOf(t, async () => (await build(t)).app)).map(route => ({ ...route, route: `${route.method} ${route.url}` }))
  const of = (scope?: string) => routes.filter(route => route.scope === scope).map(({ route }) => route)

  t.test('has a scope', async t => {
    t.same(of(), ['OPTIONS *'], 'except @fastify/cors\'s: a preflight comes without credentials, and a hook of the whole app answers it')
  })
  t.test('is for viewers if it shows pictures or the state of a camera', async t => {
    const view = ['/camera/:id', '/camera/:id/snapshot', '/events', '/metrics', '/openapi.json', '/status', '/status/:id', '/video_feed']
    t.same(of('view').filter(route => !/ \/docs\b/.test(route)).sort(), [...['GET', 'HEAD'].flatMap(method => view.map(url => `${method} ${url}`)), 'GET /wall'].sort())
  })
  t.test('is for control if it starts, stops or moves a camera, or contacts it', async t => {
    t.same(of('control').sort(), ['GET /diagnosis/:id', 'GET /ptz/:id', 'GET /stop/:id', 'POST /ptz/:id', 'POST /restart/:id', 'POST /start/:id', 'POST /stop/:id'])
  })
  t.test('is public if it returns nothing of a camera: the page, the health of the service, and the methods of an address', async t => {
    const guarded = new Set(routes.filter(({ scope }) => scope !== 'public').map(({ url }) => url))
    const open = routes.filter(({ scope }) => scope === 'public')
    const answered = open.filter(({ method, url }) => method === 'GET' && !guarded.has(url)).map(({ url }) => url)
    t.same(answered.filter(url => !/^(?:\/[\w-]+)+\.\w+$/.test(url)).sort(), ['/', '/health/live', '/health/ready', '/session'], 'and the page\'s files')
    const others = open.filter(({ url }) => guarded.has(url))
    t.ok(others.length > 30)
    for (const { method, url, route } of others) t.equal((await app.inject({ method: method as 'PUT', url: url.replace(':id', '1') })).statusCode, method === 'OPTIONS' ? 204 : 405, route)
  })
  t.test('is for administrators if it is about other people, or about what cameras there are', async t => {
    t.same(of('admin'), ['POST /sessions/revoke', 'POST /config/reload', ...['/config/cameras', '/config/cameras/:id', '/config/schema'].flatMap(url => [`GET ${url}`, `HEAD ${url}`]), ...['PUT', 'PATCH', 'DELETE'].map(method => `${method} /config/cameras/:id`), 'POST /config/probe'])
  })
})

t.test('a scope runs its hooks only for its own routes', async t => {
  const app = Fastify()
  const checked: string[] = []
  for (const scope of ['view', 'control'] as const) {
    await app.register(inScope(scope, async app => {
      app.addHook('onRequest', async ({ routeOptions: { url, config } }) => { checked.push(`${url} ${config.scope}`) })
      if (scope === 'view') app.get('/status', async () => 'well')
      else app.post('/start', async () => 'started')
    }))
  }
  app.get('/outside', async () => 'nothing')
  t.teardown(() => app.close())
  for (const [method, url] of [['GET', '/status'], ['HEAD', '/status'], ['POST', '/start'], ['GET', '/outside']] as const) t.equal((await app.inject({ method, url })).statusCode, 200)
  t.same(checked, ['/status view', '/status view', '/start control'])
})
