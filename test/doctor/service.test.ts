import t from 'tap'
import type { CamgateAnswer, CamgateQuestion } from '../../src/cli/ask-camgate.js'
import { finding } from '../../src/doctor/finding.js'
import { askService } from '../../src/doctor/service.js'
import { version } from '../../src/package.js'
import { cameraStatus } from '../status.js'

const failure = { code: 'refused', message: 'Nothing answers.', since: cameraStatus.since } as const
const status = { version, cameras: { good: cameraStatus, off: { ...cameraStatus, state: 'waiting', failure }, other: { ...cameraStatus, state: 'stopped' } } }
const json = (body: unknown, status = 200): CamgateAnswer => ({ status, text: JSON.stringify(body) })

function ask (answers: Readonly<Record<string, CamgateAnswer | undefined>>, ids?: string[]) {
  const asked: CamgateQuestion[] = []
  const report = askService({
    ...{ host: '', port: 5000, headers: { authorization: 'Bearer x' }, now: Date.parse(cameraStatus.since) },
    ask: async question => {
      asked.push(question)
      return answers[question.path]
    }
  }, ids)
  return { asked, report }
}

t.test('a camgate that runs', async t => {
  t.test('may not be there', async t => {
    t.same(await ask({}).report, { isRunning: false, cameras: undefined, findings: [] })
  })
  t.test('says how its cameras are, and looks closer at one that waits', async t => {
    const { asked, report } = ask({ '/status': json(status), '/diagnosis/off': json({ findings: [finding('error', 'camera off', 'refused', 'Closer.', 'Try 8554.')] }) })
    const { isRunning, cameras, findings } = await report
    t.match([...cameras!], [['good', [{ code: 'fine' }]], ['off', [{ what: 'Closer.' }]], ['other', [{ code: 'stopped' }]]])
    t.match({ isRunning, findings }, { isRunning: true, findings: [] })
    t.match(asked, [{ path: '/status', headers: { authorization: 'Bearer x' } }, { path: '/diagnosis/off', headers: { authorization: 'Bearer x' } }])
  })
  t.test('is asked for one camera alone', async t => {
    t.same([...(await ask({ '/status': json(status) }, ['good']).report).cameras!.keys()], ['good'])
  })
  t.test('may refuse the closer look, which takes more rights', async t => {
    for (const refusal of [json({}, 403), undefined, json('no'), { status: 200, text: '<html>' }]) {
      t.match([...(await ask({ '/status': json(status), '/diagnosis/off': refusal }, ['off']).report).cameras!], [['off', [{ level: 'error', what: 'Nothing answers.' }]]])
    }
  })
  t.test('may want a proof, and then keeps its cameras for itself', async t => {
    for (const code of [401, 403, 429]) t.match(await ask({ '/status': json({}, code) }).report, { isRunning: true, cameras: undefined, findings: [{ level: 'warning', code: 'no-proof', todo: [/--user/] }] })
  })
  t.test('may be another program', async t => {
    for (const other of [json({}, 404), json([]), json(null), json({ version: '1' }), { status: 200, text: '<html>' }]) {
      t.match(await ask({ '/status': other }).report, { isRunning: true, cameras: undefined, findings: [{ level: 'error', code: 'another-program' }] })
    }
  })
  t.test('may be of another version, and go on with an older configuration', async t => {
    const config = { error: { line: 7, column: 1, message: 'a colon is missing' }, restartNeeded: ['port', 'tls'] }
    t.match((await ask({ '/status': json({ version: '0.0.1', cameras: {}, config }) }).report).findings, [
      { level: 'warning', code: 'another-version', what: /0\.0\.1/ }, { level: 'error', code: 'old-configuration', what: /line 7.*a colon is missing/ }, { level: 'warning', code: 'restart-needed', what: /port, tls/ }
    ])
  })
})
