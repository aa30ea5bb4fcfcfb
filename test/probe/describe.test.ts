import t from 'tap'
import { systemClock } from '../../src/clock.js'
import { addressOf } from '../../src/ingest/address.js'
import { describeStreams, type DescribeParts } from '../../src/probe/describe.js'
import { streamsBeside, streamsOfMakers } from '../../src/probe/streams.js'
import { serialize } from '../../src/rtsp/serialize.js'
import { secret } from '../e2e/credentials.js'
import { scripted } from '../rtsp-client/camera.js'

const sdp = 'v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\nm=audio 0 RTP/AVP 8\r\n'
const parts: DescribeParts = { credentials: undefined, auth: {}, clock: systemClock, signal: new AbortController().signal }
const at = (url: string, ...paths: string[]) => paths.map(path => ({ url: url.replace(/\/1$/, path) }))

t.test('descriptions', async t => {
  t.test('tell existing streams from others, over one connection', async t => {
    const ports = new Set<number | undefined>()
    const { url, asked } = await scripted(t, ({ url, headers }, socket) => {
      ports.add(socket.remotePort)
      socket.write(serialize(url.endsWith('/no') ? { status: 404, headers: { CSeq: headers.get('cseq')![0]! } } : { status: 200, headers: { CSeq: headers.get('cseq')![0]! }, body: sdp }))
    })
    const { found, error } = await describeStreams(addressOf(url, false)!, at(url, '/no', '/yes', '/yes2'), parts)
    t.match(found.map(({ of, track, sound }) => ({ url: of.url, codec: track?.codec, sound })), [{ url: /yes$/, codec: 'h264', sound: ['PCMA'] }, { url: /yes2$/ }])
    t.equal(error, undefined)
    t.equal(ports.size, 1)
    t.ok(asked.every(({ method }) => method === 'DESCRIBE'))
  })
  t.test('end with the first login that is refused', async t => {
    const { url, asked } = await scripted(t, ({ headers }, socket) => socket.write(serialize({ status: 401, headers: { CSeq: headers.get('cseq')![0]!, 'WWW-Authenticate': 'Basic realm="x"' } })))
    const { found, error } = await describeStreams(addressOf(url, false)!, at(url, '/a', '/b', '/c'), { ...parts, credentials: { username: 'admin', password: secret('wrong') } })
    t.match({ found, error }, { found: [], error: { code: 'RTSP_REFUSED', status: 401 } })
    t.same(asked.map(({ headers }) => headers.has('authorization')), [false, true], 'one try')
  })
  t.test('go on with another connection if the camera hangs up after an address that it does not know', async t => {
    const { url } = await scripted(t, ({ url, headers }, socket) => {
      if (url.endsWith('/no')) socket.end(serialize({ status: 404, headers: { CSeq: '1' } }))
      else socket.write(serialize({ status: 200, headers: { CSeq: headers.get('cseq')![0]! }, body: sdp }))
    })
    t.match(await describeStreams(addressOf(url, false)!, at(url, '/no', '/yes'), parts), { found: [{ of: { url: /yes$/ } }], error: undefined })
  })
  t.test('list a stream that camgate cannot read', async t => {
    const { url } = await scripted(t, ({ headers }, socket) => socket.write(serialize({ status: 200, headers: { CSeq: headers.get('cseq')![0]! }, body: 'v=0\r\n' })))
    t.match(await describeStreams(addressOf(url, false)!, at(url, '/a'), parts), { found: [{ track: undefined, sound: [] }], error: undefined })
  })
})

t.test('addresses of makers', async t => {
  t.same(streamsBeside('rtsp://192.0.2.20:8554/Streaming/Channels/301'), [{ maker: 'hikvision', stream: 'sub', path: '/Streaming/Channels/302', url: 'rtsp://192.0.2.20:8554/Streaming/Channels/302' }])
  t.match(streamsBeside('rtsp://192.0.2.20/cam/realmonitor?channel=2&subtype=1'), [{ maker: 'dahua', stream: 'main', url: /channel=2&subtype=0$/ }])
  t.match(streamsBeside('rtsp://192.0.2.20/stream1'), [{ maker: 'tapo', url: /stream2$/ }])
  t.same(streamsBeside('rtsp://192.0.2.20/live'), [])
  t.ok(streamsOfMakers('rtsp://192.0.2.20:8554/').every(({ url }) => url.startsWith('rtsp://192.0.2.20:8554/')))
})
