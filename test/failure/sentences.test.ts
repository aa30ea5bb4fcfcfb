import t from 'tap'
import { failure, unansweredLogin, type SharedCode } from '../../src/failure/sentences.js'

const target = { hasCredentials: true, place: { host: '192.168.1.20', port: 8554, path: '/live?channel=1' } }

t.test('a failure', async t => {
  t.test('names the camera\'s place if that helps', async t => {
    const words = (code: SharedCode, of = target) => failure(code, of).message
    t.match(words('refused'), /^Nothing answers at 192\.168\.1\.20, port 8554\. /)
    t.match(words('stalled'), /^The camera at 192\.168\.1\.20, port 8554, sends no pictures\./)
    t.match(words('unreachable'), /^The camera at 192\.168\.1\.20 cannot be reached/)
    t.match(words('dns', { ...target, place: { ...target.place, host: 'cam.local' } }), /host name cam\.local is unknown/)
    t.match(words('not-found'), /no stream at \/live\?channel=1\. /)
  })
  t.test('for missing credentials asks for them, and locks no account', async t => {
    t.match(failure('auth', target), { code: 'auth', locks: true, message: /refuses this username or password.*lock accounts\.$/ })
    t.same(failure('auth', { hasCredentials: false }), { code: 'auth', message: 'The camera asks for a username and password. Give username and password for this camera in cameras.yaml.' })
  })
  t.test('does not mention the next try', async t => {
    for (const code of ['auth', 'not-found', 'refused', 'unreachable', 'dns', 'busy', 'unsupported', 'stalled', 'no-ffmpeg'] as const) {
      t.notMatch(failure(code, target).message, /again|next try|five minutes/, code)
    }
  })
  t.test('before the answer to a login keeps its own message, if any', async t => {
    t.same(unansweredLogin(failure('stalled')), { ...failure('stalled'), unanswered: true })
    t.match(unansweredLogin(undefined), { code: 'auth', unanswered: true, message: /^It was stopped before the camera had answered the login\./ })
  })
})
