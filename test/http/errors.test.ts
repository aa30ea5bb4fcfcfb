import { Writable } from 'node:stream'
import Fastify, { LogController, type FastifyBaseLogger } from 'fastify'
import { pino } from 'pino'
import t from 'tap'
import { answerError, answerErrors } from '../../src/http/errors.js'

t.test('an error repeats no query, which may hold a link\'s signature', async t => {
  const lines: string[] = []
  const app = Fastify({
    loggerInstance: pino(new Writable({ write (line: Buffer, _encoding, done) { lines.push(String(line)); done() } })) as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    frameworkErrors: answerError
  })
  t.teardown(() => app.close())
  answerErrors(app, async () => false)
  app.addHook('onRequest', async ({ headers }) => { if (headers['x-broken']) throw new Error('broken') })
  app.get('/camera/:id', async () => 'shown')
  const ask = async (path: string, headers = {}) => (await app.inject({ url: `${path}?exp=1&sig=s3cret`, headers })).json()

  t.match(await ask('/camera/%ff'), { statusCode: 400, message: "'/camera/%ff' is not a valid url component" })
  t.match(await ask(`/camera/${'a'.repeat(300)}`), { statusCode: 414, message: /^'\/camera\/a+' exceeds|^.*max/i })
  t.match(await ask('/nothing'), { statusCode: 404, message: /^There is nothing at GET \/nothing\. / })
  t.match(await ask('/nothing', { 'x-broken': 'yes' }), { statusCode: 500, code: 'INTERNAL', message: /^Something went wrong/ })
  t.match(lines.map(line => JSON.parse(line)), [{ level: 50, msg: 'GET /nothing failed' }])
  for (const text of [...lines, JSON.stringify(await ask('/camera/%ff')), JSON.stringify(await ask(`/camera/${'a'.repeat(300)}`))]) t.notMatch(text, 's3cret')
})
