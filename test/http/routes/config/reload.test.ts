import t from 'tap'
import { CamgateError } from '../../../../src/errors.js'
import { ConfigError } from '../../../../src/yaml/diagnostic.js'
import { build, unchanged } from '../../build.js'

t.test('POST /config/reload', async t => {
  const reload = async (answer: () => { changes: string[], restartNeeded: string[] }) => {
    const { app } = await build(t, undefined, { configuration: { ...unchanged, reload: async () => answer() } })
    return await app.inject({ method: 'POST', url: '/config/reload' })
  }
  t.test('answers with what has changed', async t => {
    const report = { changes: ['camera 3 removed', 'server.port: needs a restart'], restartNeeded: ['port'] }
    t.same((await reload(() => report)).json(), report)
  })
  t.test('answers with every mistake and its place', async t => {
    const diagnostics = [{ line: 2, column: 3, message: 'one' }, { line: 4, column: 1, message: 'two' }]
    const answer = await reload(() => { throw new ConfigError('cameras.yaml', diagnostics) })
    t.equal(answer.statusCode, 422)
    t.match(answer.json(), { statusCode: 422, code: 'CONFIG', message: /^cameras\.yaml has 2 faults:\n/, diagnostics })
  })
  t.test('answers why it cannot be done', async t => {
    const answer = await reload(() => { throw new CamgateError('CONFIG', 'There is no file cameras.yaml.') })
    t.same(answer.json(), { statusCode: 409, code: 'CONFIG', error: 'Conflict', message: 'There is no file cameras.yaml.' })
  })
  t.test('hides a defect', async t => {
    t.match((await reload(() => { throw new TypeError('x is undefined') })).json(), { statusCode: 500, code: 'INTERNAL' })
  })
})
