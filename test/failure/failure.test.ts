import t from 'tap'
import { badStream, classify, complaintIn, failure, type FailureCode, type Plain } from '../../src/failure/failure.js'

const exit = (stderr: string[], code: number | null = 1) => ({ code, signal: null, stderr })

/** What ffmpeg 5.1 was seen to print for each, the password already gone; those of other versions are named. */
const seen: Array<[FailureCode, string[], code?: number]> = [
  ['auth', ['[rtsp @ 0x560d] [error] method DESCRIBE failed: 401 Unauthorized', "[concat @ 0x560d] [error] Impossible to open 'rtsp://127.0.0.1:34713/1'", '[error] pipe:0: Server returned 401 Unauthorized (authorization failed)']],
  ['not-found', ['[rtsp @ 0x5652] [error] method DESCRIBE failed: 404 Not Found', "[concat @ 0x5652] [error] Impossible to open 'rtsp://127.0.0.1:43385/nf'", '[error] pipe:0: Server returned 404 Not Found']],
  ['not-found', ['[rtsp @ 0x5652] [error] method DESCRIBE failed: 404 Stream Not Found']], // Dahua's words
  ['busy', ['[rtsp @ 0x55f1] [error] method SETUP failed: 453 Not Enough Bandwidth', '[error] pipe:0: Server returned 4XX Client Error, but not one of 40{0,1,3,4}']],
  ['busy', ['[rtsp @ 0x55f1] [error] method SETUP failed: 503 Service Unavailable']],
  ['unsupported', ['[rtsp @ 0x55f1] [error] method SETUP failed: 461 Unsupported Transport']],
  ['unsupported', ['[rtsp @ 0x55f1] [error] method DESCRIBE failed: 500 Internal Server Error', "[concat @ 0x560d] [error] Impossible to open 'rtsp://127.0.0.1:34713/1'", '[error] pipe:0: Server returned 5XX Server Error reply']],
  ['refused', ['[tcp @ 0x5591] [error] Connection to tcp://127.0.0.1:36115?timeout=5000000 failed: Connection refused', '[error] pipe:0: Connection refused']],
  ['dns', ['[tcp @ 0x5591] [error] Failed to resolve hostname nowhere.invalid: Name or service not known', '[error] pipe:0: Input/output error']],
  ['dns', ['[tcp @ 0x5591] [error] Failed to resolve hostname cam: Temporary failure in name resolution']],
  ['unreachable', ['[tcp @ 0x5591] [error] Connection to tcp://10.9.9.9:554?timeout=5000000 failed: No route to host']],
  ['unreachable', ['[tcp @ 0x5591] [error] Connection to tcp://10.9.9.9:554?timeout=5000000 failed: Connection timed out', '[error] pipe:0: Connection timed out']],
  ['unreachable', ['[tcp @ 0x5591] [error] Connection to tcp://10.9.9.9:554?timeout=5000000 failed: Invalid argument', "[concat @ 0x559a] [error] Impossible to open 'rtsp://10.9.9.9/1'", '[error] pipe:0: Invalid argument']], // a black hole's
  ['unreachable', ['[tcp @ 0x5591] [error] Connection to tcp://10.9.9.9:554?timeout=5000000 failed: Permission denied', "[concat @ 0x559a] [error] Impossible to open 'rtsp://10.9.9.9/1'"]], // a firewall's
  ['stalled', ["[concat @ 0x559a] [error] Impossible to open 'rtsp://127.0.0.1:37063/silent'", '[error] pipe:0: Invalid data found when processing input']],
  ['stalled', ['[error] pipe:0: Connection timed out'], 0],
  ['bad-stream', ['[h264 @ 0x55ea] [error] deblocking_filter_idc 28 out of range', '[error] Cannot determine format of input stream 0:0 after EOF']],
  ['exited', ['[h264 @ 0x55] [info] concealing 404 DC, 404 AC, 453 MV errors in P frame'], 0],
  ['exited', ['[rtsp @ 0x5653] [warning] Stream #0: not enough frames to estimate rate'], 0]
]

const asked = { hasCredentials: true, place: { host: '192.168.1.20', port: 8554, path: '/live?channel=1' } }

t.test('a failure', async t => {
  t.test('names what was asked, as far as that tells where to look', async t => {
    const words = (code: Plain, of = asked) => failure(code, of).message
    t.match(words('refused'), /^Nothing answers at 192\.168\.1\.20, port 8554\. /)
    t.match(words('stalled'), /^The camera at 192\.168\.1\.20, port 8554, sends no pictures\./)
    t.match(words('unreachable'), /^The camera at 192\.168\.1\.20 cannot be reached/)
    t.match(words('dns', { ...asked, place: { ...asked.place, host: 'cam.local' } }), /host name cam\.local is unknown/)
    t.match(words('not-found'), /no stream at \/live\?channel=1\. /)
    t.match(classify(exit(['[error] Connection refused']), false, asked).message, /^Nothing answers at 192/)
  })
  t.test('says of no credentials that they are missing, and locks no account', async t => {
    t.match(failure('auth', asked), { code: 'auth', locks: true, message: /refuses this username or password.*lock accounts\.$/ })
    t.same(failure('auth', { hasCredentials: false }), { code: 'auth', message: 'The camera asks for a username and password. Give username and password for this camera in cameras.yaml.' })
  })
  t.test('leaves the next try to whoever tells it', async t => {
    for (const code of ['auth', 'not-found', 'refused', 'unreachable', 'dns', 'busy', 'unsupported', 'stalled', 'no-ffmpeg'] as const) {
      t.notMatch(failure(code, asked).message, /again|next try|five minutes/, code)
    }
  })
  for (const [code, stderr, exitCode] of seen) {
    t.test(`is ${code} when ffmpeg says ${stderr[0]}`, async t => {
      t.equal(classify(exit(stderr, exitCode), false).code, code)
    })
  }
  t.test('names the size of a picture that ffmpeg refused, whatever it says about that afterwards', async t => {
    const stderr = ['[h264 @ 0x1] [IMGUTILS @ 0x7] [error] Picture size 8192x8192 exceeds specified max pixel count 33554432, see the documentation if you wish to increase it', '[h264 @ 0x1] [error] get_buffer() failed']
    const message = "The camera's picture of 8192x8192 is larger than camgate reads (33 megapixels). Set a smaller one in the camera, or take another of its streams."
    for (const hadFrames of [false, true]) t.same(classify(exit(stderr), hadFrames), { code: 'unsupported', message })
    t.same(badStream(complaintIn(stderr)!), { code: 'unsupported', message }, 'of one that goes on without a picture')
  })
  t.test('is about ffmpeg when it cannot be run', async t => {
    t.match(classify({ ...exit([], null), spawnError: 'ENOENT' }, false), { code: 'no-ffmpeg', message: /FFMPEG_PATH/ })
    t.match(classify({ ...exit([], null), spawnError: 'EMFILE' }, false), { code: 'no-ffmpeg', message: /ulimit -n/ })
  })
  t.test('ends in one full stop, whatever ffmpeg said', async t => {
    const said = ['[error] Error initializing output stream 0:0 -- Conversion failed...']
    for (const hadFrames of [false, true]) t.match(classify(exit(said), hadFrames).message, /[^.]\.$/)
  })
  t.test('tells a cut stream from one that never began, and who was killed', async t => {
    t.match(classify(exit([], 0), true), { code: 'exited', message: 'The camera ended the stream.' })
    t.match(classify(exit([], 0), false), { message: /before its first picture/ })
    t.match(classify({ code: null, signal: 'SIGSEGV', stderr: [] }, true), { code: 'exited', message: /SIGSEGV/ })
    t.match(classify(exit(['[error] Error submitting video frame to the encoder']), true), { code: 'exited', message: /code 1: Error submitting/ })
  })
  t.test('is told in words of ours where ffmpeg finds no video', async t => {
    t.match(classify(exit(["[fatal] Stream map '0:v:0' matches no streams."], 1), false), { code: 'unsupported', message: 'There is no video in what the camera sends. Try another of its streams.' })
  })
  t.test('quotes the last thing that ffmpeg complained of', async t => {
    t.equal(complaintIn(['[h264 @ 0x1] [error] no frame!', '[swscaler @ 0x1] [warning] deprecated pixel format used', '[info] Press [q]']), 'no frame!')
    t.equal(complaintIn(['[a @ 0x1] [b @ 0x2f] [fatal] both']), 'both')
    t.equal(complaintIn(['[warning] nothing']), undefined)
  })
})
