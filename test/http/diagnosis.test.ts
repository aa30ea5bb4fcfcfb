import t from 'tap'
import { Value } from 'typebox/value'
import { DiagnosisSchema } from '../../src/doctor/diagnoses.js'
import { build } from './build.js'

t.test('GET /diagnosis/:id', async t => {
  const { app, fleet } = await build(t)
  const ask = (url: string, headers = {}) => app.inject({ url, headers })
  t.test('says why a camera is black', async t => {
    const answer = await ask('/diagnosis/lab')
    t.match(answer, { statusCode: 200, headers: { 'cache-control': 'no-store' } })
    t.ok(Value.Check(DiagnosisSchema, answer.json()))
    t.match(answer.json(), { id: 'lab', findings: [{ level: 'note', code: 'stopped', what: /Laboratory/ }], askedAt: null, report: null })
  })
  t.test('is not for the pages of other sites, nor for prefetches', async t => {
    for (const [headers, code] of [[{ 'sec-fetch-site': 'cross-site', accept: 'text/html' }, 'CROSS_SITE'], [{ 'sec-fetch-site': 'none', 'sec-purpose': 'prefetch', accept: 'text/html' }, 'PREFETCH']] as const) {
      t.match((await ask('/diagnosis/lab', headers)).json(), { statusCode: 403, code })
    }
  })
  t.test('knows only cameras that are there', async t => {
    t.match((await ask('/diagnosis/none')).json(), { code: 'CAMERA_NOT_FOUND' })
    t.equal((await app.inject({ method: 'HEAD', url: '/diagnosis/lab' })).statusCode, 405)
  })
  await fleet.stop()
})
