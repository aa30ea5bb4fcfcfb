import t from 'tap'
// @ts-ignore: the page is plain JavaScript; test/dashboard/tsconfig.json checks its types
import { isBlack } from '../../../src/dashboard/diagnosis/diagnosis.js'
// @ts-ignore
import { findingInWords } from '../../../src/dashboard/words/findings.js'
// @ts-ignore
import { useLanguage } from '../../../src/dashboard/words/language.js'
import { cameraStatus } from '../../status.js'

const finding: Parameters<typeof findingInWords>[0] = { level: 'error', about: 'camera 1', code: 'refused', what: 'Nothing answers at 192.0.2.1.', why: 'Because.', todo: ['Try 8554.'] }

t.test('a finding', async t => {
  t.same(findingInWords(finding, false), { level: 'error', label: 'Wrong', sentences: [finding.what, 'Because.'], todo: ['Try 8554.'] })
  await useLanguage('fr')
  t.match(findingInWords(finding, true), { label: 'Défaut', sentences: [/^Rien ne répond/], todo: ['Try 8554.'] }, 'what the camera has answered is not left out')
  t.match(findingInWords(finding, false), { sentences: { length: 1 }, todo: [] }, 'the words of the page say what to do')
  t.match(findingInWords({ ...finding, code: 'new' }, false), { sentences: [finding.what, 'Because.'], todo: ['Try 8554.'] }, 'of a newer service')
  await useLanguage('en')
})

t.test('somebody may ask why a camera is black if it should show a picture, and does not', async t => {
  const failure = { code: 'refused' as const, message: 'No.', since: cameraStatus.since }
  t.notOk(isBlack(cameraStatus, false))
  for (const state of ['waiting', 'starting'] as const) t.ok(isBlack({ ...cameraStatus, state, failure }, false), state)
  t.ok(isBlack({ ...cameraStatus, frameAgeMs: 60_000 }, false), 'it has not sent a picture for long')
  for (const state of ['stopped', 'idle', 'stopping'] as const) t.notOk(isBlack({ ...cameraStatus, state }, false), state)
  t.notOk(isBlack({ ...cameraStatus, state: 'waiting', failure }, true), 'camgate itself does not answer')
})
