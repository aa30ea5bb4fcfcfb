import t from 'tap'
import type { FailureCode } from '../../src/failure/failure.js'
import { failuresByCode } from '../../src/metrics/failures-by-code.js'

const of = (...codes: FailureCode[]) => failuresByCode(new Map(codes.map((code, index) => [code, index + 1])))

t.test('failures by code', async t => {
  t.same(of(), [])
  t.same(of('stalled', 'auth'), [['auth', 2], ['stalled', 1]])
  t.same(of('stalled', 'refused', 'dns', 'busy', 'exited'), [['stalled', 1], ['refused', 2], ['dns', 3], ['other', 9]], 'the sum of those that came later')
  t.same(of('stalled', 'refused', 'dns', 'busy', 'auth'), [['auth', 5], ['stalled', 1], ['refused', 2], ['dns', 3], ['other', 4]], 'a refused password is always named')
})
