import type { Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import t, { type Test } from 'tap'
import { CamgateError } from '../../src/errors.js'
import type { RtspRequest } from '../../src/rtsp/message.js'
import { rtpPacket } from '../../src/rtsp/rtp.js'
import { interleave } from '../../src/rtsp/serialize.js'
import { parseTransport } from '../../src/rtsp/transport.js'
import { FakeClock } from '../fake-clock.js'
import { until } from '../e2e/until.js'
import { scripted, visit } from './camera.js'

// What a camera sends may be anything. A session goes on with it, or ends with words for it; it never hangs, throws or grows.

const MB = 1_048_576
/** What a flood may hold of our memory, however long it is. */
const MOST_GROWTH = 64 * MB
/** Milliseconds that one message may take us: meanwhile no other camera is read. */
const MOST_TIME = 500

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
const memory = (): number => {
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

const thrown: unknown[] = []
for (const event of ['unhandledRejection', 'uncaughtException']) process.on(event, error => thrown.push(error))

const sdp = (format = 'a=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1;sprop-parameter-sets=Z0LADdoFB+wEQAAAAwBAAAADAoPFCqg=,aM4Pyg==') =>
  `v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\n${format}\r\na=control:track1\r\n`

/** As a good camera answers; headers and body are the test's. */
function say ({ headers }: RtspRequest, more = '', body = ''): string {
  return `RTSP/1.0 200 OK\r\nCSeq: ${headers.get('cseq')}\r\n${more}${body && `Content-Length: ${Buffer.byteLength(body)}\r\n`}\r\n${body}`
}

type Says = Partial<Record<string, (request: RtspRequest, socket: Socket) => void>>
/** What a good camera says to each request, save what the test has it say instead. */
const goodCamera = (instead: Says = {}) => (request: RtspRequest, socket: Socket): void => {
  const own = instead[request.method]
  if (own) own(request, socket)
  else socket.write(goodAnswer(request))
}

function goodAnswer (request: RtspRequest): string {
  const [offer] = parseTransport(request.headers.get('transport')?.[0] ?? '')
  switch (request.method) {
    case 'DESCRIBE': return say(request, '', sdp())
    case 'SETUP': return say(request, `Transport: RTP/AVP${offer?.kind === 'tcp' ? '/TCP;unicast;interleaved=0-1' : ';unicast'}\r\nSession: 1\r\n`)
    default: return say(request)
  }
}

let sequence = 0
const rtp = (payload: Buffer, more: { marker?: boolean, timestamp?: number, sequence?: number } = {}): Buffer =>
  rtpPacket({ payloadType: 96, marker: more.marker ?? false }, { sequence: more.sequence ?? (sequence = (sequence + 1) & 0xffff), timestamp: more.timestamp ?? 1, ssrc: 1 }, payload)

let floods = 0
/** Writes until so many bytes are out, or the other side is gone. */
async function flood (socket: Socket, bytes: number, next: () => Buffer): Promise<void> {
  floods++
  for (let sent = 0; sent < bytes && socket.writable;) {
    const chunk = next()
    sent += chunk.length
    if (!socket.write(chunk)) await new Promise<void>(resolve => { socket.once('drain', resolve).once('close', resolve) })
    else await turn()
  }
  floods--
}

const endsWell = (error: Error | undefined): boolean => error === undefined || error instanceof CamgateError || 'syscall' in error

/** Ends it, if it has not ended, and lets all the time pass that it gives itself: nothing of it is left then. */
async function leaveNothing (t: Test, clock: FakeClock, { session, seen }: ReturnType<typeof visit>): Promise<void> {
  session.stop()
  for (let looks = 0; looks < 50 && !seen.ended; looks++) await turn()
  clock.advance(500)
  await until('the session ended', () => seen.ended)
  t.ok(endsWell(seen.error), `${seen.error}`)
  for (let looks = 0; looks < 5; looks++) await turn()
  t.equal(clock.pending, 0, 'no timer is left')
  t.same(thrown.splice(0), [], 'nothing was thrown where nobody catches it')
}

t.test('a session with a camera that', async t => {
  for (const [what, instead, error] of [
    ['says garbage right behind its answer to PLAY', { PLAY: (request, socket) => socket.write(`${say(request)}garbage\r\n\r\n`) }, { code: 'RTSP_SYNTAX' }],
    ['says garbage right behind its description', { DESCRIBE: (request, socket) => socket.write(`${say(request, '', sdp())}garbage\r\n\r\n`) }, { code: 'RTSP_SYNTAX' }],
    ['names a session that breaks out of its line', { SETUP: (request, socket) => socket.write(say(request, 'Transport: RTP/AVP/TCP;interleaved=0-1\r\nSession: 1\rX: y\r\n')) }, { code: 'RTSP_SYNTAX' }],
    ['sends us to a port that is none', { DESCRIBE: (_, socket) => socket.write('RTSP/1.0 302 Moved\r\nLocation: rtsp://127.0.0.1:99999/\r\n\r\n') }, { code: 'BAD_REDIRECT' }],
    ['sends us to a name that is none', { DESCRIBE: (_, socket) => socket.write('RTSP/1.0 302 Moved\r\nLocation: rtsp://a\0b/\r\n\r\n') }, { code: 'BAD_REDIRECT' }],
    ['sends us to an address that is long to read', { DESCRIBE: (_, socket) => socket.write(`RTSP/1.0 302 Moved\r\nLocation: rtsp://${'@'.repeat(16_000)}:x\r\n\r\n`) }, { code: 'BAD_REDIRECT' }],
    ['says for ever that it will answer soon', { OPTIONS: (_, socket) => { void flood(socket, 2 * MB, () => Buffer.from('RTSP/1.0 100 Continue\r\n\r\n'.repeat(1_000))) } }, { code: 'RTSP_SILENT' }],
    ['says nothing in empty lines', { OPTIONS: (_, socket) => { void flood(socket, 32 * MB, () => Buffer.from('\r\n'.repeat(32_000))) } }, { code: 'RTSP_SILENT' }],
    ['says nothing in packets', { OPTIONS: (_, socket) => { void flood(socket, 32 * MB, () => interleave(0, rtp(Buffer.alloc(65_000)))) } }, { code: 'RTSP_SILENT' }],
    ['never ends a line', { OPTIONS: (_, socket) => { void flood(socket, 32 * MB, () => Buffer.alloc(1_000, 'x')) } }, { code: 'RTSP_LIMIT' }],
    ['never ends its headers', { OPTIONS: (_, socket) => { void flood(socket, 32 * MB, () => Buffer.from('RTSP/1.0 200 OK\r\n'.repeat(60))) } }, { code: 'RTSP_LIMIT' }],
    ['announces 4 GB', { DESCRIBE: (request, socket) => socket.write(say(request, 'Content-Length: 4294967296\r\n')) }, { code: 'RTSP_LIMIT' }],
    ['announces less than nothing', { DESCRIBE: (request, socket) => socket.write(say(request, 'Content-Length: -1\r\n')) }, { code: 'RTSP_SYNTAX' }],
    ['asks without end, and reads no answer', { OPTIONS: (_, socket) => { void flood(socket.pause(), 64 * MB, () => Buffer.from(`GET_PARAMETER * RTSP/1.0\r\nCSeq: ${'1'.repeat(8_000)}\r\n\r\n`.repeat(8))) } }, { code: 'RTSP_LIMIT' }],
    ['describes one format ten thousand times', { DESCRIBE: (request, socket) => socket.write(say(request, '', `v=0\r\nm=video 0 RTP/AVP${' 96'.repeat(10_000)}\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 sprop-parameter-sets=${'Z0LADdoFB+w,'.repeat(2_700)}\r\n`)) }, undefined],
    ['describes 64 kB of blanks', { DESCRIBE: (request, socket) => socket.write(say(request, '', `v=0\r\nm=video 0 RTP/AVP 96\r\na=fmtp:96${' '.repeat(65_000)};\r\n`)) }, { code: 'UNSPOKEN' }],
    ['describes 1,000 videos', { DESCRIBE: (request, socket) => socket.write(say(request, '', `v=0\r\n${'m=video 0 RTP/AVP 96\r\n'.repeat(1_000)}`)) }, { code: 'UNSPOKEN' }]
  ] as Array<[string, Says, object | undefined]>) {
    t.test(what, async t => {
      const clock = new FakeClock()
      const { url, asked } = await scripted(t, goodCamera(instead))
      const before = memory()
      const visited = visit(url, { clock })
      let longest = 0
      for (let last = performance.now(), quiet = 0; quiet < 30 && !visited.seen.ended;) { // until nothing more happens
        const count = asked.length
        await turn()
        const now = performance.now()
        longest = Math.max(longest, now - last)
        last = now
        quiet = count === asked.length && floods === 0 ? quiet + 1 : 0
      }
      if (!visited.seen.ended) clock.advance(8_000)
      if (error) await until('the session ended', () => { clock.advance(500); return visited.seen.ended })
      t.ok(longest < MOST_TIME, `${Math.round(longest)} ms at once`)
      const grown = memory() - before
      t.ok(grown < MOST_GROWTH, `${Math.round(grown / MB)} MB`)
      await leaveNothing(t, clock, visited)
      if (error) t.match(visited.seen.error, error)
    })
  }
})
