import fc from 'fast-check'
import t from 'tap'
import { addSecrets } from '../../src/text/redact.js'
import { RtspParser, rtspLimits, type RtspMessage } from '../../src/rtsp/message.js'
import { interleave, serialize } from '../../src/rtsp/serialize.js'

/** The messages of these chunks, with payloads of their own. */
const parse = (...chunks: Array<string | Buffer>): RtspMessage[] => {
  const parser = new RtspParser()
  const messages: RtspMessage[] = []
  for (const chunk of chunks) {
    for (const message of parser.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)) {
      messages.push(message.kind === 'interleaved' ? { ...message, payload: Buffer.from(message.payload) } : message)
    }
  }
  return messages
}

t.test('an RTSP parser', async t => {
  t.test('quotes no part of a secret in its errors', async t => {
    addSecrets(['hunter2-and-more'])
    for (const text of ['hunter2-and-more RTSP\r\n\r\n', 'RTSP/1.0 200 OK\r\nContent-Length: hunter2-and-more\r\n\r\n']) {
      t.notMatch(t.throws(() => parse(text), { code: 'RTSP_SYNTAX' }), { message: /hunter/ }, text)
    }
  })
  t.test('reads a request, whatever the spelling of its headers', async t => {
    const [request] = parse('SETUP rtsp://host/1/track1 RTSP/1.0\r\nCSEQ: 3\r\ntransport:RTP/AVP/TCP;interleaved=0-1\r\n\r\n')
    t.match(request, { kind: 'request', method: 'SETUP', url: 'rtsp://host/1/track1' })
    if (request?.kind !== 'request') throw new Error('expected a request')
    t.same(request.headers.get('cseq'), ['3'])
    t.same(request.headers.get('transport'), ['RTP/AVP/TCP;interleaved=0-1'])
  })
  t.test('accepts a bare LF as a line end, and values that continue on the next line', async t => {
    const [response] = parse('\n\r\nRTSP/1.0 401 Unauthorized\nWWW-Authenticate: Basic realm="a"\nWWW-Authenticate: Digest\n realm="b"\n\n')
    t.match(response, { kind: 'response', status: 401, reason: 'Unauthorized' })
    if (response?.kind !== 'response') throw new Error('expected a response')
    t.same(response.headers.get('www-authenticate'), ['Basic realm="a"', 'Digest realm="b"'])
  })
  t.test('reads the same messages however the stream is split', async t => {
    const stream = Buffer.concat([
      serialize({ method: 'DESCRIBE', url: 'rtsp://host/1', headers: { CSeq: '1' } }),
      interleave(1, Buffer.from('\r\n$ RTSP/1.0')),
      serialize({ status: 200, headers: { CSeq: '1' }, body: 'v=0\r\n' }),
      interleave(0, Buffer.alloc(0)),
      interleave(255, Buffer.alloc(65_535, 7))
    ])
    const whole = parse(stream)
    t.same(whole.map(message => message.kind), ['request', 'interleaved', 'response', 'interleaved', 'interleaved'])
    t.equal(whole[2]?.kind === 'response' && whole[2].body.toString(), 'v=0\r\n')
    fc.assert(fc.property(fc.array(fc.nat(stream.length), { maxLength: 12 }), cuts => {
      const places = [0, ...cuts.sort((a, b) => a - b), stream.length]
      t.same(parse(...places.slice(1).map((place, i) => stream.subarray(places[i], place))), whole)
    }), { numRuns: 60 })
    t.same(parse(...Array.from(stream.subarray(0, 200), byte => Buffer.from([byte]))).length, 4)
  })
  t.test('needs no memory for packets, however they are split', async t => {
    const parser = new RtspParser()
    const buffer = parser.space.buffer
    const stream = Buffer.concat(Array.from({ length: 200 }, (_, index) => interleave(0, Buffer.alloc(1_400, index))))
    const allocations = [t.capture(Buffer, 'concat', Buffer.concat), t.capture(Buffer, 'from', Buffer.from), t.capture(Buffer, 'allocUnsafeSlow', Buffer.allocUnsafeSlow)]
    let packets = 0
    for (let at = 0; at < stream.length; at += 1_000) {
      for (const message of parser.push(stream.subarray(at, at + 1_000))) {
        if (message.kind === 'interleaved' && message.payload.length === 1_400 && message.payload[1_399] === (packets & 0xff) && message.payload.buffer === buffer) packets++
      }
    }
    t.same(allocations.map(calls => calls().length), [0, 0, 0])
    t.equal(packets, 200)
  })
  t.test('always has space for more, and no more than for the largest message', async t => {
    const parser = new RtspParser()
    const request = serialize({ method: 'SET_PARAMETER', url: '*', headers: { CSeq: '1' }, body: 'x'.repeat(rtspLimits.bodyBytes) })
    const stream = Buffer.concat([interleave(0, Buffer.alloc(65_535)), request, interleave(0, Buffer.alloc(65_535)), request])
    const kinds: string[] = []
    for (let at = 0; at < stream.length;) {
      const { space } = parser
      const count = stream.copy(space, 0, at, at + 5_000)
      if (count === 0) throw new Error('no space')
      at += count
      for (const { kind } of parser.received(count)) kinds.push(kind)
      if (space.buffer.byteLength > rtspLimits.headerBytes + rtspLimits.bodyBytes) throw new Error('a large buffer')
    }
    t.same(kinds, ['interleaved', 'request', 'interleaved', 'request'])
  })
  t.test('reads what the serializer writes', async () => {
    const token = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,20}$/)
    const value = fc.stringMatching(/^[!-~]([ -~]{0,30}[!-~])?$/)
    fc.assert(fc.property(fc.dictionary(token, value, { maxKeys: 10 }), fc.string(), (given, body) => {
      const headers = Object.fromEntries(Object.entries(given).filter(([name]) => !/^content-length$/i.test(name)))
      const [message] = parse(serialize({ status: 200, headers, body }))
      if (message?.kind !== 'response') throw new Error('expected a response')
      if (message.body.toString() !== Buffer.from(body).toString()) throw new Error('the body changed')
      for (const [name, text] of Object.entries(headers)) {
        if (!message.headers.get(name.toLowerCase())?.includes(text)) throw new Error(`${name} changed`)
      }
    }))
  })
  t.test('never throws anything but its own errors', async () => {
    fc.assert(fc.property(fc.array(fc.uint8Array()), chunks => {
      try {
        parse(...chunks.map(chunk => Buffer.from(chunk)))
      } catch (error) {
        if (!['RTSP_SYNTAX', 'RTSP_LIMIT'].includes((error as { code: string }).code)) throw error
      }
    }))
  })
})

t.test('an RTSP parser is bounded:', async t => {
  const start = 'OPTIONS * RTSP/1.0\r\n'
  const limited = { code: 'RTSP_LIMIT' }
  t.test('headers without an end', async t => {
    t.throws(() => parse(start, `X: ${'x'.repeat(rtspLimits.headerBytes)}`), limited)
    t.throws(() => parse(start, `X: ${'x'.repeat(rtspLimits.headerBytes)}\r\n\r\n`), limited)
  })
  t.test('too many headers', async t => {
    t.equal(parse(start, 'A: b\r\n'.repeat(rtspLimits.headers), '\r\n').length, 1)
    t.throws(() => parse(start, 'A: b\r\n'.repeat(rtspLimits.headers + 1)), limited)
  })
  t.test('a large body, before it arrives', async t => {
    t.throws(() => parse(start, `Content-Length: ${rtspLimits.bodyBytes + 1}\r\n\r\n`), limited)
    t.throws(() => parse(start, 'Content-Length: -1\r\n\r\n'), { code: 'RTSP_SYNTAX' })
  })
  t.test('bytes that are not RTSP, of which it quotes only the beginning', async t => {
    t.throws(() => parse('GET rtsp://admin:secret@host HTTP/1.1\r\n\r\n'), { code: 'RTSP_SYNTAX', message: /"GET rtsp"/ })
    t.throws(() => parse(start, 'no colon secret\r\n\r\n'), { message: /^(?!.*secret)/ })
  })
})
