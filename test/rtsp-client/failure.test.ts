import t from 'tap'
import type { FailureCode } from '../../src/failure/failure.js'
import { rtspFailure } from '../../src/rtsp-client/failure.js'
import { CamgateError } from '../../src/errors.js'
import { Authorizer } from '../../src/http-auth/authorizer.js'
import { shouldRetry } from '../../src/http-auth/retry.js'
import { RtspRefusal } from '../../src/rtsp-client/rtsp-client.js'

const refusal = (status: number) => new RtspRefusal('DESCRIBE', { kind: 'response', status, reason: '', headers: new Map(), body: Buffer.alloc(0) })
const system = (code: string) => Object.assign(new Error(code), { code })

const noProof = t.throws(() => shouldRetry(new Authorizer(undefined), ['Negotiate realm=x'])) as Error
const downgrade = t.throws(() => shouldRetry(new Authorizer({ username: 'u', password: 'p' }, { memory: { digest: true, unanswered: false, refused: new Set() } }), ['Basic realm="x"'])) as Error

const seen: Array<[FailureCode, Error, RegExp?]> = [
  ['auth', refusal(401)], ['auth', refusal(403)], ['not-found', refusal(404)], ['busy', refusal(453)], ['busy', refusal(503)],
  ['unsupported', refusal(461)], ['unsupported', refusal(500)],
  ['refused', system('ECONNREFUSED')], ['dns', system('ENOTFOUND')], ['dns', system('EAI_AGAIN')],
  ['unreachable', system('EHOSTUNREACH')], ['unreachable', system('ENETUNREACH')], ['unreachable', system('ETIMEDOUT')], ['unreachable', Object.assign(system('EINVAL'), { syscall: 'connect' })],
  ['stalled', new CamgateError('RTSP_SILENT', 'the camera does not answer PLAY'), /^The camera takes connections, but does not answer\. It may be overloaded, or its pictures may be at another port\.$/],
  ['unsupported', system('DEPTH_ZERO_SELF_SIGNED_CERT'), /allowSelfSigned/],
  ['unsupported', system('ERR_TLS_CERT_ALTNAME_INVALID'), /allowSelfSigned/],
  ['unsupported', new CamgateError('UNSUPPORTED_VIDEO', 'MPEG-4 video'), /MPEG-4 video/],
  ['unsupported', noProof, /^The camera asks for a proof of the password other than Basic, .*, which camgate does not know\.$/],
  ['unsupported', downgrade, /asked for Digest before.*not sent.*write auth: basic/],
  ['bad-stream', new CamgateError('RTSP_SYNTAX', 'Not RTSP: expected a request'), /cannot be read: Not RTSP: expected a request\.$/],
  ['bad-stream', new CamgateError('RTSP_FRAMING', 'a packet broke off halfway, and nothing that follows makes sense'), /cannot be read: a packet broke off halfway/],
  ['bad-stream', new CamgateError('BAD_RTP', 'a picture of more than 8 bytes')],
  ['unsupported', new CamgateError('PICTURE_TOO_LARGE', 'It is larger than camgate reads. Set a smaller one.'), /^It is larger than camgate reads\. Set a smaller one\.$/],
  ['bad-stream', new TypeError('x is not a function'), /^camgate cannot read this camera, because of a mistake in camgate itself\. Please report it/],
  ['bad-stream', Object.assign(new RangeError('out of range'), { code: 'ERR_OUT_OF_RANGE' }), /mistake in camgate/],
  ['bad-stream', new Error('something'), /mistake in camgate/],
  ['exited', new CamgateError('RTSP_CLOSED', 'the camera ended the connection'), /ended the stream before its first picture/],
  ['exited', system('ECONNRESET'), /ended the stream/],
  ['exited', system('EMFILE'), /ulimit -n/],
  ['exited', new DOMException('This operation was aborted', 'AbortError'), /ended the stream/]
]

t.test('a session that ended', async t => {
  for (const [code, error, words = /./] of seen) {
    t.test(`with ${error.message} is ${code}`, async t => {
      t.match(rtspFailure(error, false), { code, message: words })
    })
  }
  t.test('names the camera, and whether there were credentials', async t => {
    const target = { hasCredentials: false, place: { host: 'fe80::1', port: 554, path: '/1' } }
    t.match(rtspFailure(system('ECONNREFUSED'), false, target).message, /^Nothing answers at fe80::1, port 554\./)
    t.match(rtspFailure(refusal(404), false, target).message, /no stream at \/1\./)
    t.match(rtspFailure(refusal(401), false, target).message, /^The camera asks for a username and password/)
    t.match(rtspFailure(Object.assign(system('EINVAL'), { syscall: 'connect' }), false, target).message, /at fe80::1 cannot be reached/)
    t.match(rtspFailure(new CamgateError('RTSP_SILENT', ''), false, target).message, /^The camera at fe80::1, port 554, takes connections, but does not answer\./)
    t.match(rtspFailure(new CamgateError('TLS_SILENT', ''), false, target), { code: 'unsupported', message: 'What answers at fe80::1, port 554, takes the connection, but does not begin TLS. Check the port, or use rtsp://.' })
  })
  t.test('gives the reason for ffmpeg to take over without a full stop, as the log goes on after it', async t => {
    t.match(rtspFailure(new CamgateError('UNSUPPORTED_VIDEO', 'the codec VP9.'), false), { notUnderstood: 'the codec VP9', message: /show: the codec VP9\. Try/ })
  })
  t.test('by a mistake in camgate passes on the error for the log, and quotes none of it', async t => {
    const defect = new TypeError('media.type?.toLowerCase is not a function')
    const failure = rtspFailure(defect, false)
    t.equal(failure.defect, defect)
    t.notMatch(failure.message, /toLowerCase/)
    t.equal(rtspFailure(new CamgateError('BAD_RTP', ''), false).defect, undefined)
    t.equal(rtspFailure(system('ECONNRESET'), false).defect, undefined)
  })
  t.test('may be worth a try by ffmpeg if camgate does not understand the camera', async t => {
    const words = (error: Error) => rtspFailure(error, false).notUnderstood
    const refused = (method: string, status: number) => words(new RtspRefusal(method, { kind: 'response', status, reason: 'No', headers: new Map(), body: Buffer.alloc(0) }))
    for (const code of ['UNSUPPORTED_VIDEO', 'NO_VIDEO', 'BAD_SDP', 'BAD_RTP', 'BAD_TRANSPORT', 'RTSP_SYNTAX', 'RTSP_LIMIT'] as const) t.equal(words(new CamgateError(code, 'odd words')), 'odd words', code)
    t.equal(words(new TypeError('x is not a function')), 'a mistake in camgate, which is in the log')
    t.equal(refused('SETUP', 461), 'the camera answers SETUP with 461 No')
    t.equal(refused('SETUP', 404), 'the camera answers SETUP with 404 No', 'we may have misread the URL of its track')
    for (const status of [302, 401, 403, 404, 453, 503]) t.equal(refused('DESCRIBE', status), undefined, `${status}`)
    for (const code of ['RTSP_SILENT', 'RTSP_CLOSED', 'RTSP_FRAMING', 'WRONG_PROTOCOL', 'BAD_REDIRECT', 'FRAME_TOO_LARGE'] as const) t.equal(words(new CamgateError(code, 'plain words')), undefined, code)
    t.equal(words(system('ECONNREFUSED')), undefined)
  })
  t.test('early, but after pictures, is not reported as a missing first picture', async t => {
    t.notMatch(rtspFailure(new CamgateError('RTSP_CLOSED', ''), true).message, /first/)
    t.match(rtspFailure(new CamgateError('RTSP_SILENT', ''), true), { code: 'stalled', message: /^The camera sends no pictures\./ })
  })
})
