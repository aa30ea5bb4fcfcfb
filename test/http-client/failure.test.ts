import t from 'tap'
import type { FailureCode } from '../../src/failure/failure.js'
import { httpFailure } from '../../src/http-client/failure.js'
import { CamgateError } from '../../src/errors.js'
import { Authorizer } from '../../src/http-auth/authorizer.js'
import { shouldRetry } from '../../src/http-auth/retry.js'
import { HttpRefusal } from '../../src/http-client/http-answer.js'

const refusal = (status: number, reason = '') => new HttpRefusal({ status, reason })
const system = (code: string, more = {}) => Object.assign(new Error(code), { code, ...more })

const noProof = t.throws(() => shouldRetry(new Authorizer(undefined), ['Negotiate realm=x'])) as Error

const seen: Array<[FailureCode, Error, RegExp]> = [
  ['auth', refusal(401), /username or password/], ['auth', refusal(403), /does not let this user see/],
  ['not-found', refusal(404), /has no picture at this path/], ['not-found', refusal(410), /path/],
  ['busy', refusal(503), /no more viewers/], ['busy', refusal(429), /no more viewers/],
  ['exited', refusal(500, 'Internal Server Error'), /^The camera answers with 500 Internal Server Error\. Check the path/],
  ['unsupported', refusal(302), /answers with 302/],
  ['refused', system('ECONNREFUSED'), /web page/], ['dns', system('ENOTFOUND'), /host name/], ['unreachable', system('EHOSTUNREACH'), /cable/],
  ['unreachable', system('EINVAL', { syscall: 'connect' }), /cable/], ['unreachable', system('ETIMEDOUT'), /cable/],
  ['unsupported', system('DEPTH_ZERO_SELF_SIGNED_CERT'), /allowSelfSigned/], ['unsupported', system('EPROTO'), /TLS.*use http:/], ['unsupported', system('ERR_SSL_WRONG_VERSION_NUMBER'), /TLS.*use http:/],
  ['stalled', new CamgateError('HTTP_SILENT', ''), /takes connections, but does not answer.*at another port\.$/], ['unsupported', new CamgateError('TLS_SILENT', ''), /does not begin TLS\. Check the port, or use http:/],
  ['unsupported', new CamgateError('UNSUPPORTED_CONTENT', 'The camera sends nothing that camgate can show: it answers with a page (text/html), not with a picture; is the path right?'), /can show: it answers with a page \(text\/html\), not with a picture; is the path right\?$/],
  ['unsupported', new CamgateError('UNSUPPORTED_CONTENT', 'The camera sends nothing that camgate can show: it answers with a single picture; write type: http-jpeg.'), /write type: http-jpeg\.$/],
  ['unsupported', noProof, /^The camera asks for a proof of the password other than Basic, .*, which camgate does not know\.$/],
  ['stalled', new CamgateError('UPSTREAM_NO_PICTURE', 'The other camgate has stopped this camera. Start it there.'), /Start it there\.$/],
  ['exited', new CamgateError('HTTP_CLOSED', ''), /ended the stream before its first picture/], ['exited', system('ECONNRESET'), /ended the stream/],
  ['exited', system('EMFILE'), /ulimit -n/],
  ['bad-stream', new CamgateError('HTTP_SYNTAX', ''), /does not speak HTTP/], ['bad-stream', new CamgateError('HTTP_LIMIT', ''), /have no end/],
  ['bad-stream', new CamgateError('HTTP_CHUNKS', 'the chunks of its answer are not as long as it says'), /cannot be read: the chunks of its answer are not as long/],
  ['unsupported', new CamgateError('BAD_REDIRECT', 'The camera redirects to another host (x).'), /^The camera redirects to another host \(x\)\.$/],
  ['bad-stream', new CamgateError('FRAME_TOO_LARGE', 'the camera sent a picture of more than 8 bytes'), /more than 8 bytes/],
  ['bad-stream', new TypeError('x is not a function'), /^camgate cannot read this camera, because of a mistake in camgate itself\. Please report it/],
  ['bad-stream', new Error('something'), /mistake in camgate/]
]

t.test('answers over HTTP that ended', async t => {
  const target = { hasCredentials: false, place: { host: 'cam', port: 80, path: '/shot.jpg' } }
  t.match(httpFailure(system('ECONNREFUSED'), false, target).message, /^Nothing answers at cam, port 80\./)
  t.match(httpFailure(refusal(404), false, target).message, /no picture at \/shot\.jpg\./)
  t.match(httpFailure(refusal(401), false, target), { code: 'auth', message: /^The camera asks for a username and password/ })
  t.same(httpFailure(refusal(403), false, target).locks, undefined)
  t.match(httpFailure(refusal(403), false), { locks: true })
  for (const [proof, message] of [['token', /refuses this token\. It may have expired/], ['link', /refuses this signed address\. .* sign it again/]] as const) {
    for (const status of [401, 403]) {
      t.match(httpFailure(refusal(status), false, { ...target, proof }), { code: 'auth', message })
      t.notOk(httpFailure(refusal(status), false, { ...target, proof }).locks, 'a token cannot be guessed, so nothing locks')
    }
    t.match(httpFailure(refusal(404), false, { ...target, proof }).message, new RegExp(`and whether the ${proof} is for this camera\\.$`))
  }
  for (const [code, error, message] of seen) t.match(httpFailure(error, false), { code, message }, `${error}`)
  t.notMatch(httpFailure(new CamgateError('HTTP_CLOSED', ''), true).message, /first/)
  t.match(httpFailure(new CamgateError('HTTP_SILENT', ''), true), { code: 'stalled', message: /sends no pictures/ })
})
