import fc from 'fast-check'
import { createSocket } from 'node:dgram'
import { connect, type Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import t, { type Test } from 'tap'
import { CamgateError } from '../../src/errors.js'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import type { RtspRequest } from '../../src/rtsp/message.js'
import { rtpPacket } from '../../src/rtp/packet.js'
import { interleave, serialize } from '../../src/rtsp/serialize.js'
import { parseTransport } from '../../src/rtsp/transport.js'
import { startSimulator } from '../../src/simulator/simulator.js'
import { FakeClock } from '../fake-clock.js'
import { until } from '../e2e/until.js'
import { small } from '../simulator/small.js'
import { scripted, visit } from './camera.js'

// A camera may send anything. A session continues or ends with a reason; it never hangs, throws or grows.

const MB = 1_048_576
/** Limits the memory that a flood takes, however long it is. */
const MAX_GROWTH_BYTES = 64 * MB
/** Limits the CPU time for one message, because no other camera is read during it. */
const MAX_CPU_MS = 500
const cpuTime = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

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

/** A good camera's answer with the test's headers and body. */
function answerTo ({ headers }: RtspRequest, more = '', body = ''): string {
  return `RTSP/1.0 200 OK\r\nCSeq: ${headers.get('cseq')}\r\n${more}${body && `Content-Length: ${Buffer.byteLength(body)}\r\n`}\r\n${body}`
}

type Answers = Partial<Record<string, (request: RtspRequest, socket: Socket) => void>>
/** Answers each request as a good camera does, or as the test wants. */
const goodCamera = (instead: Answers = {}) => (request: RtspRequest, socket: Socket): void => {
  const own = instead[request.method]
  if (own) own(request, socket)
  else socket.write(goodAnswer(request))
}

function goodAnswer (request: RtspRequest): string {
  const [offer] = parseTransport(request.headers.get('transport')?.[0] ?? '')
  switch (request.method) {
    case 'DESCRIBE': return answerTo(request, '', sdp())
    case 'SETUP': return answerTo(request, `Transport: RTP/AVP${offer?.kind === 'tcp' ? '/TCP;unicast;interleaved=0-1' : ';unicast'}\r\nSession: 1\r\n`)
    default: return answerTo(request)
  }
}

let sequence = 0
const rtp = (payload: Buffer, more: { marker?: boolean, timestamp?: number, sequence?: number } = {}): Buffer =>
  rtpPacket({ payloadType: 96, marker: more.marker ?? false }, { sequence: more.sequence ?? (sequence = (sequence + 1) & 0xffff), timestamp: more.timestamp ?? 1, ssrc: 1 }, payload)

let [begun, floods] = [0, 0]
const flooded = () => floods === 0
/** Writes this many bytes, or until the other side has gone. */
async function flood (socket: Socket, bytes: number, next: () => Buffer): Promise<void> {
  begun++
  floods++
  let go = () => {}
  socket.on('drain', () => go()).once('close', () => go())
  for (let sent = 0; sent < bytes && socket.writable;) {
    const chunk = next()
    sent += chunk.length
    if (!socket.write(chunk)) await new Promise<void>(resolve => { go = resolve })
    else await turn()
  }
  floods--
}

const endsWell = (error: Error | undefined): boolean => error === undefined || error instanceof CamgateError || 'syscall' in error

/** Ends the session if it has not ended, lets its timeouts pass, and checks that nothing of it is left. */
async function leaveNothing (t: Test, clock: FakeClock, { session, seen }: ReturnType<typeof visit>): Promise<void> {
  session.stop()
  for (let looks = 0; looks < 50 && !seen.ended; looks++) await turn()
  clock.advance(500)
  await until('the session ended', () => seen.ended)
  t.ok(endsWell(seen.error), `${seen.error}`)
  for (let looks = 0; looks < 5; looks++) await turn()
  t.equal(clock.pending, 0, 'no timer is left')
  t.same(thrown.splice(0), [], 'no exception was uncaught')
}

t.test('a session with a camera that', async t => {
  for (const [what, instead, error] of [
    ['sends garbage right after its answer to PLAY', { PLAY: (request, socket) => socket.write(`${answerTo(request)}garbage\r\n\r\n`) }, { code: 'RTSP_SYNTAX' }],
    ['sends garbage right after its description', { DESCRIBE: (request, socket) => socket.write(`${answerTo(request, '', sdp())}garbage\r\n\r\n`) }, { code: 'RTSP_SYNTAX' }],
    ['names a session that breaks out of its line', { SETUP: (request, socket) => socket.write(answerTo(request, 'Transport: RTP/AVP/TCP;interleaved=0-1\r\nSession: 1\rX: y\r\n')) }, { code: 'RTSP_SYNTAX' }],
    ['redirects to an invalid port', { DESCRIBE: (_, socket) => socket.write('RTSP/1.0 302 Moved\r\nLocation: rtsp://127.0.0.1:99999/\r\n\r\n') }, { code: 'BAD_REDIRECT' }],
    ['redirects to an invalid host name', { DESCRIBE: (_, socket) => socket.write('RTSP/1.0 302 Moved\r\nLocation: rtsp://a\0b/\r\n\r\n') }, { code: 'BAD_REDIRECT' }],
    ['redirects to an address that takes long to parse', { DESCRIBE: (_, socket) => socket.write(`RTSP/1.0 302 Moved\r\nLocation: rtsp://${'@'.repeat(16_000)}:x\r\n\r\n`) }, { code: 'BAD_REDIRECT' }],
    ['sends 100 Continue for ever', { OPTIONS: (_, socket) => { void flood(socket, 2 * MB, () => Buffer.from('RTSP/1.0 100 Continue\r\n\r\n'.repeat(1_000))) } }, { code: 'RTSP_SILENT' }],
    ['sends only empty lines', { OPTIONS: (_, socket) => { void flood(socket, 32 * MB, () => Buffer.from('\r\n'.repeat(32_000))) } }, { code: 'RTSP_SILENT' }],
    ['sends only packets', { OPTIONS: (_, socket) => { void flood(socket, 32 * MB, () => interleave(0, rtp(Buffer.alloc(65_000)))) } }, { code: 'RTSP_SILENT' }],
    ['never ends a line', { OPTIONS: (_, socket) => { void flood(socket, 32 * MB, () => Buffer.alloc(1_000, 'x')) } }, { code: 'RTSP_LIMIT' }],
    ['never ends its headers', { OPTIONS: (_, socket) => { void flood(socket, 32 * MB, () => Buffer.from('RTSP/1.0 200 OK\r\n'.repeat(60))) } }, { code: 'RTSP_LIMIT' }],
    ['announces 4 GB', { DESCRIBE: (request, socket) => socket.write(answerTo(request, 'Content-Length: 4294967296\r\n')) }, { code: 'RTSP_LIMIT' }],
    ['announces a negative length', { DESCRIBE: (request, socket) => socket.write(answerTo(request, 'Content-Length: -1\r\n')) }, { code: 'RTSP_SYNTAX' }],
    ['sends endless requests and reads no answer', { OPTIONS: (_, socket) => { void flood(socket.pause(), 64 * MB, () => Buffer.from(`GET_PARAMETER * RTSP/1.0\r\nCSeq: ${'1'.repeat(8_000)}\r\n\r\n`.repeat(8))) } }, { code: 'RTSP_LIMIT' }],
    ['describes one format ten thousand times', { DESCRIBE: (request, socket) => socket.write(answerTo(request, '', `v=0\r\nm=video 0 RTP/AVP${' 96'.repeat(10_000)}\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 sprop-parameter-sets=${'Z0LADdoFB+w,'.repeat(2_700)}\r\n`)) }, undefined],
    ['describes 64 kB of spaces', { DESCRIBE: (request, socket) => socket.write(answerTo(request, '', `v=0\r\nm=video 0 RTP/AVP 96\r\na=fmtp:96${' '.repeat(65_000)};\r\n`)) }, { code: 'UNSUPPORTED_VIDEO' }],
    // as x264 wrote it
    ['describes pictures of 8192x8192', { DESCRIBE: (request, socket) => socket.write(answerTo(request, '', 'v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 sprop-parameter-sets=Z0LAPtoAIAAEAbARAAADAAEAAAMAAg8IBCo=,aM4PyA==\r\n')) }, { code: 'PICTURE_TOO_LARGE' }],
    ['describes 1,000 videos', { DESCRIBE: (request, socket) => socket.write(answerTo(request, '', `v=0\r\n${'m=video 0 RTP/AVP 96\r\n'.repeat(1_000)}`)) }, { code: 'UNSUPPORTED_VIDEO' }]
  ] as Array<[string, Answers, object | undefined]>) {
    t.test(what, async t => {
      const clock = new FakeClock()
      const { url, asked } = await scripted(t, goodCamera(instead))
      const before = memory()
      const visited = visit(url, { clock })
      let longest = 0
      for (let last = cpuTime(), quiet = 0; quiet < 30 && !visited.seen.ended;) { // until it is idle
        const count = asked.length
        await turn()
        const now = cpuTime()
        longest = Math.max(longest, now - last)
        last = now
        quiet = count === asked.length && floods === 0 ? quiet + 1 : 0
      }
      if (!visited.seen.ended) clock.advance(8_000)
      if (error) await until('the session ended', () => { clock.advance(500); return visited.seen.ended })
      t.ok(longest < MAX_CPU_MS, `${Math.round(longest)} ms at once`)
      const grown = memory() - before
      t.ok(grown < MAX_GROWTH_BYTES, `${Math.round(grown / MB)} MB`)
      await leaveNothing(t, clock, visited)
      if (error) t.match(visited.seen.error, error)
    })
  }
})

/** Single NAL units, aggregated (STAP-A) and in fragments (FU-A) of RFC 6184. */
const aggregated = (nal: Buffer, count: number): Buffer => Buffer.concat([Buffer.from([24]), ...Array<Buffer>(count).fill(Buffer.concat([Buffer.from([0, nal.length]), nal]))])
const keySlice = Buffer.from([0x65, 0x88, 0x80])
/** Fifteen parameter sets, each as large as any may be. */
const largeSets = Array.from({ length: 15 }, (_, id) => rtp(Buffer.concat([Buffer.from([0x68, 0x08 | id >> 1, (id & 1) << 7 | 0x40]), Buffer.alloc(4_000, id + 1)]))) // ids 15 to 29
const framed = (...packets: Buffer[]): Buffer => Buffer.concat(packets.map(packet => interleave(0, packet)))
const random = (bytes: number): Buffer => Buffer.from(Array.from({ length: bytes }, () => Math.floor(256 * Math.random())))

t.test('a session that plays, with a camera that sends', async t => {
  let turns = 0
  const noise = framed(...Array.from({ length: 200 }, () => rtp(random(1_000))))
  for (const [what, megabytes, next, error] of [
    ['packets on an unknown channel', 200, () => Buffer.concat(Array(4).fill(interleave(7, Buffer.alloc(65_535)))), undefined],
    ['a fragment that never ends', 30, () => framed(rtp(Buffer.concat([Buffer.from([28, turns++ === 0 ? 0x85 : 5, 0x88]), Buffer.alloc(60_000)]))), { code: 'BAD_RTP' }],
    ['fragments that never begin', 30, () => framed(rtp(Buffer.concat([Buffer.from([28, 5]), Buffer.alloc(60_000)]))), undefined],
    ['a picture of endless NAL units', 30, () => framed(rtp(keySlice), rtp(aggregated(Buffer.from([0x65, 0]), 15_000))), { code: 'BAD_RTP' }],
    ['ten thousand pictures in a packet', 30, () => framed(...largeSets, rtp(aggregated(keySlice, 12_000))), { code: 'BAD_RTP' }],
    ['a picture in each packet', 5, () => framed(...Array.from({ length: 1_000 }, (_, at) => rtp(keySlice, { timestamp: at, marker: true }))), undefined],
    ['headers that are longer than their packets', 10, () => Buffer.concat(Array(500).fill(interleave(0, Buffer.concat([Buffer.from('9f60ffff', 'hex'), Buffer.alloc(60, 0xff)])))), undefined],
    ['reports that are longer than their packets', 10, () => Buffer.concat(Array(500).fill(interleave(1, Buffer.concat([Buffer.from('9fc8ffff', 'hex'), Buffer.alloc(60, 0xff)])))), undefined],
    ['noise', 20, () => noise, 'anything'],
    ['answers without a request', 5, () => Buffer.from('RTSP/1.0 200 OK\r\nCSeq: 4\r\n\r\n'.repeat(1_000)), undefined],
    ['another description', 5, () => Buffer.from(`RTSP/1.0 200 OK\r\nContent-Length: 60000\r\n\r\n${'x'.repeat(60_000)}`), undefined]
  ] as Array<[string, number, () => Buffer, object | 'anything' | undefined]>) {
    t.test(what, async t => {
      const clock = new FakeClock()
      turns = 0
      const { url } = await scripted(t, goodCamera({
        PLAY (request, socket) {
          socket.write(goodAnswer(request))
          void flood(socket, megabytes * MB, next)
        }
      }))
      const count = begun
      const visited = visit(url, { clock })
      await until('it begins', () => begun > count)
      const before = memory()
      let [longest, grown] = [0, 0]
      for (let last = cpuTime(), looks = 0; !flooded(); looks++) {
        await turn()
        longest = Math.max(longest, cpuTime() - last)
        if (looks % 200 === 0) grown = Math.max(grown, memory() - before)
        visited.seen.pictures.length = 0
        last = cpuTime()
      }
      t.ok(grown < MAX_GROWTH_BYTES, `${Math.round(grown / MB)} MB`)
      t.ok(longest < MAX_CPU_MS, `${Math.round(longest)} ms at once`)
      if (!error) t.notOk(visited.seen.ended, 'it continues')
      await leaveNothing(t, clock, visited)
      if (error && error !== 'anything') t.match(visited.seen.error, error)
    })
  }

  t.test('endless datagrams with noise and random numbers', async t => {
    const clock = new FakeClock()
    const camera = createSocket('udp4').bind(0, '127.0.0.1')
    t.teardown(() => camera.close())
    let port = 0
    const { url } = await scripted(t, goodCamera({
      SETUP (request, socket) {
        const [offer] = parseTransport(request.headers.get('transport')![0]!)
        if (offer?.kind === 'udp') [port] = offer.clientPorts
        socket.write(goodAnswer(request))
      }
    }))
    const visited = visit(url, { clock, transport: 'udp' })
    await until('it plays', () => visited.session.report() !== undefined && port > 0)
    const send = (datagram: Buffer) => camera.send(datagram, port, '127.0.0.1')
    const anyPacket = () => rtp(Buffer.alloc(1_400), { sequence: Math.floor(65_536 * Math.random()) })
    const before = memory()
    let grown = 0
    for (let sent = 0; sent < 20_000; sent += 100) {
      for (let at = 0; at < 100; at++) send(at % 4 === 0 ? random(60) : anyPacket())
      await turn()
      if (sent % 5_000 === 0) grown = Math.max(grown, memory() - before)
      clock.advance(10)
    }
    t.ok(grown < MAX_GROWTH_BYTES, `${Math.round(grown / MB)} MB`)
    await until('they came', () => { // the kernel may drop some of the flood
      send(anyPacket())
      clock.advance(10)
      return visited.session.report()!.bitsPerSecond > 0
    })
    await leaveNothing(t, clock, visited)
  })
})

t.test('a session', async t => {
  t.test('gives up on a camera that sends a byte a second', async t => {
    const clock = new FakeClock()
    let answer: Iterator<string>
    let camera: Socket
    const { url, asked } = await scripted(t, (request, socket) => {
      answer = answerTo(request)[Symbol.iterator]()
      camera = socket
    })
    const visited = visit(url, { clock })
    await until('it asks', () => asked.length > 0)
    for (let seconds = 0; seconds < 8; seconds++) {
      camera!.write(answer!.next().value)
      await turn()
      clock.advance(1_000)
    }
    await turn()
    await leaveNothing(t, clock, visited)
    t.match(visited.seen.error, { code: 'RTSP_SILENT' })
  })

  t.test('ends although the camera keeps sending after TEARDOWN, and answers late', async t => {
    const clock = new FakeClock()
    const count = begun
    const { url, asked } = await scripted(t, goodCamera({
      TEARDOWN (request, socket) { void flood(socket, 100 * MB, () => Buffer.concat([framed(rtp(keySlice, { marker: true })), Buffer.from(answerTo(request))])) }
    }))
    const visited = visit(url, { clock })
    await until('it plays', () => asked.at(-1)?.method === 'PLAY')
    await until('it sends keep-alives', () => clock.pending === 2) // and reports
    visited.session.stop()
    await until('it sends TEARDOWN', () => begun > count)
    await leaveNothing(t, clock, visited)
    t.same(visited.seen.pictures, [])
    await until('its socket is closed', () => floods === 0)
  })

  t.test('sends TEARDOWN to a camera that it no longer understands', async t => {
    const clock = new FakeClock()
    const { url, asked } = await scripted(t, goodCamera({ PLAY: (request, socket) => socket.write(`${goodAnswer(request)}garbage\r\n\r\n`) }))
    const visited = visit(url, { clock })
    await until('it has sent it', () => asked.at(-1)?.method === 'TEARDOWN')
    await leaveNothing(t, clock, visited)
    t.match(visited.seen.error, { code: 'RTSP_SYNTAX' })
  })

  t.test('accepts datagrams only from the address that the camera announced', async t => {
    const [named, other] = [createSocket('udp4').bind(0, '127.0.0.2'), createSocket('udp4').bind(0, '127.0.0.3')]
    t.teardown(() => { for (const socket of [named, other]) socket.close() })
    let port = 0
    const { url } = await scripted(t, goodCamera({
      SETUP (request, socket) {
        const [offer] = parseTransport(request.headers.get('transport')![0]!)
        if (offer?.kind === 'udp') [port] = offer.clientPorts
        socket.write(answerTo(request, 'Transport: RTP/AVP;unicast;server_port=9-10;source=127.0.0.2\r\nSession: 1\r\n'))
      }
    }))
    const clock = new FakeClock()
    const visited = visit(url, { clock, transport: 'udp' })
    await until('it plays', () => visited.session.report() !== undefined && port > 0 && clock.pending === 2)
    const key = (at: number) => rtp(aggregated(keySlice, 2), { timestamp: at, sequence: at, marker: true })
    await until('a picture comes', () => {
      other.send(key(99), port, '127.0.0.1')
      named.send(key(1), port, '127.0.0.1')
      return visited.seen.pictures.length > 0
    })
    t.ok(visited.seen.pictures.every(({ rtpTime }) => rtpTime === 1))
    await leaveNothing(t, clock, visited)
  })

  t.test('that is stopped by a picture shows no other', async t => {
    const clock = new FakeClock()
    const burst = [1, 2, 4, 3].map(at => framed(rtp(aggregated(keySlice, 2), { timestamp: at, marker: true })))
    const { url } = await scripted(t, goodCamera({
      PLAY (request, socket) { socket.write(Buffer.concat([Buffer.from(goodAnswer(request)), ...burst])) }
    }))
    const visited = visit(url, { clock })
    visited.seen.pictures.push = (...pictures) => {
      visited.session.stop()
      return Array.prototype.push.apply(visited.seen.pictures, pictures)
    }
    await until('a picture came', () => visited.seen.pictures.length > 0)
    await leaveNothing(t, clock, visited)
    t.equal(visited.seen.pictures.length, 1)
  })
})

t.test('a real camera\'s messages, with bytes changed and pieces swapped, doubled, cut and mixed, never break a session', async t => {
  const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, cameras: [{ ...small, id: '1', auth: 'digest', username: 'a', password: 'b' }] })
  t.teardown(() => simulator.close())
  const credentials = { username: 'a', password: 'b' }
  const recorded = await record(t, simulator.url('1'), credentials)
  t.ok(recorded.length >= 5 && recorded.at(-1)!.length > 20_000, `${recorded.length} answers`)

  const piece = fc.nat({ max: recorded.length - 1 })
  const change = fc.oneof(
    fc.record({ kind: fc.constant('flip' as const), piece, at: fc.double({ min: 0, max: 1, noNaN: true }), by: fc.integer({ min: 1, max: 255 }) }),
    fc.record({ kind: fc.constant('cut' as const), piece, at: fc.double({ min: 0, max: 1, noNaN: true }) }),
    fc.record({ kind: fc.constant('swap' as const), piece, other: piece }),
    fc.record({ kind: fc.constant('double' as const), piece }),
    fc.record({ kind: fc.constant('mix' as const), piece, at: fc.double({ min: 0, max: 1, noNaN: true }), bytes: fc.uint8Array({ maxLength: 40 }) })
  )
  await fc.assert(fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), fc.boolean(), async (changes, hangsUp) => {
    const pieces = recorded.map(bytes => Buffer.from(bytes))
    for (const each of changes) {
      const bytes = pieces[each.piece]!
      switch (each.kind) {
        case 'flip': bytes[Math.floor(each.at * (bytes.length - 1))]! ^= each.by; break
        case 'cut': pieces[each.piece] = bytes.subarray(0, Math.floor(each.at * bytes.length)); break
        case 'swap': [pieces[each.piece], pieces[each.other]] = [pieces[each.other]!, bytes]; break
        case 'double': pieces[each.piece] = Buffer.concat([bytes, bytes]); break
        case 'mix': {
          const at = Math.floor(each.at * bytes.length)
          pieces[each.piece] = Buffer.concat([bytes.subarray(0, at), framed(Buffer.from(each.bytes)), bytes.subarray(at)])
        }
      }
    }
    const clock = new FakeClock()
    const { url, asked, close } = await scripted(t, (_, socket) => {
      const next = pieces[asked.length - 1]
      if (next) socket.write(next)
      else if (hangsUp) socket.destroy()
    })
    const visited = visit(url, { clock, credentials })
    for (let quiet = 0; quiet < 12 && !visited.seen.ended;) {
      const count = asked.length + visited.seen.pictures.length
      await turn()
      quiet = count === asked.length + visited.seen.pictures.length ? quiet + 1 : 0
    }
    clock.advance(8_000)
    visited.session.stop()
    for (let looks = 0; looks < 5; looks++) await turn()
    clock.advance(500)
    await until('the session ended', () => visited.seen.ended)
    await turn()
    if (!endsWell(visited.seen.error)) throw visited.seen.error
    if (clock.pending > 0) throw new Error(`${clock.pending} timers are left`)
    if (thrown.length > 0) throw thrown.pop()
    await close()
  }), { numRuns: 300, interruptAfterTimeLimit: 10_000 })
  await until('no socket is left', () => !process.getActiveResourcesInfo().includes('UDPWrap'))
})

/** Records what a good camera answers to each request, the last one until 40 kB of pictures have come. */
async function record (t: Test, url: string, credentials: { username: string, password: string }): Promise<Buffer[]> {
  const answers: Buffer[][] = []
  const { url: own } = await scripted(t, (request, socket) => {
    const connection = camera ??= connect({ host: '127.0.0.1', port: Number(new URL(url).port) }).on('data', chunk => {
      answers.at(-1)!.push(chunk)
      if (!socket.destroyed) socket.write(chunk)
    })
    answers.push([])
    connection.write(serialize({
      method: request.method,
      url: request.url.replace(/:\d+/, `:${new URL(url).port}`),
      headers: Object.fromEntries([...request.headers].map(([name, values]) => [name, name === 'authorization' ? [...values] : values[0]!]))
    }))
  })
  let camera: Socket | undefined
  const { leave } = visit(own, { credentials })
  await until('enough has come', () => Buffer.concat(answers.at(-1) ?? []).length > 40_000)
  const recorded = answers.map(chunks => Buffer.concat(chunks))
  await leave()
  camera!.destroy()
  return recorded
}
