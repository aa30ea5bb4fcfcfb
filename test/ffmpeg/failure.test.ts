import t from 'tap'
import type { FailureCode } from '../../src/failure/failure.js'
import { failureSoFar, ffmpegFailure, lastErrorIn } from '../../src/ffmpeg/failure.js'

const exit = (stderr: string[], code: number | null = 1) => ({ code, signal: null, stderr })

/** Recorded output of ffmpeg 5.1 without passwords; other versions are named. */
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

const target = { hasCredentials: true, place: { host: '192.168.1.20', port: 8554, path: '/live?channel=1' } }

t.test('the failure of an ffmpeg that has exited', async t => {
  t.test('names the camera that was asked', async t => {
    t.match(ffmpegFailure(exit(['[error] Connection refused']), false, target).message, /^Nothing answers at 192\.168\.1\.20, port 8554\./)
  })
  for (const [code, stderr, exitCode] of seen) {
    t.test(`is ${code} if ffmpeg prints ${stderr[0]}`, async t => {
      t.equal(ffmpegFailure(exit(stderr, exitCode), false).code, code)
    })
  }
  t.test('names the size of a picture that ffmpeg refused, despite later lines', async t => {
    const stderr = ['[h264 @ 0x1] [IMGUTILS @ 0x7] [error] Picture size 8192x8192 exceeds specified max pixel count 33554432, see the documentation if you wish to increase it', '[h264 @ 0x1] [error] get_buffer() failed']
    const message = "The camera's picture of 8192x8192 is larger than camgate reads (33 megapixels). Set a smaller one in the camera, or take another of its streams."
    for (const hadFrames of [false, true]) t.same(ffmpegFailure(exit(stderr), hadFrames), { code: 'unsupported', message })
    t.match(failureSoFar(stderr), { code: 'unsupported', message }, 'while it runs without a picture')
  })
  t.test('names ffmpeg if it cannot be run', async t => {
    t.match(ffmpegFailure({ ...exit([], null), spawnError: 'ENOENT' }, false), { code: 'no-ffmpeg', message: /FFMPEG_PATH/ })
    t.match(ffmpegFailure({ ...exit([], null), spawnError: 'EMFILE' }, false), { code: 'no-ffmpeg', message: /ulimit -n/ })
  })
  t.test('ends in one full stop', async t => {
    const said = ['[error] Error initializing output stream 0:0 -- Conversion failed...']
    for (const hadFrames of [false, true]) t.match(ffmpegFailure(exit(said), hadFrames).message, /[^.]\.$/)
  })
  t.test('distinguishes a cut stream from one that never began, and names a signal', async t => {
    t.match(ffmpegFailure(exit([], 0), true), { code: 'exited', message: 'The camera ended the stream.' })
    t.match(ffmpegFailure(exit([], 0), false), { message: /before its first picture/ })
    t.match(ffmpegFailure({ code: null, signal: 'SIGSEGV', stderr: [] }, true), { code: 'exited', message: /SIGSEGV/ })
    t.match(ffmpegFailure(exit(['[error] Error submitting video frame to the encoder']), true), { code: 'exited', message: /code 1: Error submitting/ })
  })
  t.test('has its own message if ffmpeg finds no video', async t => {
    t.match(ffmpegFailure(exit(["[fatal] Stream map '0:v:0' matches no streams."], 1), false), { code: 'unsupported', message: 'There is no video in what the camera sends. Try another of its streams.' })
  })
  t.test('may be the decoder\'s fault, unless ffmpeg could not be run or the camera gave a reason', async t => {
    const faults = (...exits: Array<Parameters<typeof ffmpegFailure>[0]>) => exits.map(each => ffmpegFailure(each, false).decoderFault ?? false)
    t.same(faults(exit(['[h264 @ 0x1] [error] no frame!']), exit([]), { code: null, signal: 'SIGSEGV', stderr: [] }), [true, true, true])
    t.same(faults(exit([], 0), exit(['[error] no frame!'], 0), exit(['[error] Connection refused']), exit(["[fatal] Stream map '0:v:0' matches no streams."]), { ...exit([], null), spawnError: 'ENOENT' }, { ...exit([], null), defect: new TypeError('x') }), Array(6).fill(false))
  })
  t.test('is known while ffmpeg runs, with a phrase for the next reader', async t => {
    t.strictSame(failureSoFar(['[h264 @ 0x1] [error] no frame!']), { code: 'bad-stream', message: "The camera's stream cannot be read: no frame!.", notUnderstood: 'no frame!' })
    t.equal(failureSoFar(['[warning] nothing']), undefined)
  })
  t.test('quotes the last line that ffmpeg marked as an error', async t => {
    t.equal(lastErrorIn(['[h264 @ 0x1] [error] no frame!', '[swscaler @ 0x1] [warning] deprecated pixel format used', '[info] Press [q]']), 'no frame!')
    t.equal(lastErrorIn(['[h264 @ 0x1] [error] no frame!', '[error] Error initializing output stream 1:0 -- ']), 'no frame!')
    t.equal(lastErrorIn(['[a @ 0x1] [b @ 0x2f] [fatal] both']), 'both')
    t.equal(lastErrorIn(['[warning] nothing']), undefined)
  })
})
