import t from 'tap'
import { addressOf } from '../../src/ingest/address.js'
import { RelayUrls, requestHeaders } from '../../src/rtsp-client/relay-urls.js'

const address = addressOf('rtsp://cam:554/live?channel=1&pwd=x', false)!
const urls = new RelayUrls(address, 9000, 'secret')
const ours = 'rtsp://127.0.0.1:9000/secret/'

t.test('a camera\'s URL', async t => {
  t.test('has a number in the relay, which maps back to it unchanged', async t => {
    t.equal(urls.first, `${ours}0`)
    t.equal(urls.outer(urls.first), address.url)
    t.equal(urls.outer(`${urls.first}/trackID=1`), `${address.url}/trackID=1`, 'as ffmpeg and our own reader append it')
    for (const url of ['rtsp://cam:554/live/', 'rtsp://cam/live?x=1', 'rtsp://cam:8554/other/trackID=2']) {
      t.equal(urls.outer(urls.inner(url)), url)
      t.equal(urls.inner(url), urls.inner(url), 'by one number')
    }
    t.equal(urls.outer(`${urls.inner('rtsp://cam:554/live/')}/trackID=1`), 'rtsp://cam:554/live/trackID=1')
  })
  t.test('is not revealed without the secret', async t => {
    for (const url of ['rtsp://127.0.0.1:9000/0', 'rtsp://127.0.0.1:9000/guess/0', `${ours}x`, ours, `${ours}99`, 'rtsp://cam:554/live']) t.equal(urls.outer(url), undefined, url)
    t.match(new RelayUrls(address, 9000).first, /^rtsp:\/\/127\.0\.0\.1:9000\/[0-9a-f]{32}\/0$/)
  })
  t.test('is not stored for a camera with endless URLs', async t => {
    const many = new RelayUrls(address, 9000, 'secret')
    for (let i = 0; i < 200; i++) many.inner(`rtsp://cam/${i}`)
    t.equal(many.inner('rtsp://cam/200'), many.first)
  })
})

t.test('an answer points to the relay', async t => {
  const description = urls.description('v=0\r\na=control:rtsp://cam/live/\r\nm=video 0 RTP/AVP 96\r\na=control:trackID=1\r\nA=Control: rtsp://10.0.0.9:1/x\r\n', address)
  t.match(description, /^v=0\r\na=control:rtsp:\/\/127\.0\.0\.1:9000\/secret\/\d+\r\nm=video 0 RTP\/AVP 96\r\na=control:trackID=1\r\n/)
  t.equal(urls.outer(/A=Control: (\S+)/.exec(description)![1]!), 'rtsp://cam:554/x', 'the address that a camera behind NAT has for itself is not used')
  const headers = new Map<string, string[]>([
    ['cseq', ['7']], ['content-base', ['rtsp://cam/live/']], ['transport', ['RTP/AVP;unicast;client_port=6000-6001;server_port=7000-7001']], ['session', ['1;timeout=60']],
    ['www-authenticate', ['Basic realm="x"']], ['location', ['rtsp://evil/']], ['rtp-info', ['url=rtsp://cam/live/trackID=1']]
  ])
  const { 'Content-Base': base, ...rest } = urls.answerHeaders(headers, address, '192.168.1.20')
  t.equal(urls.outer(base![0]!), 'rtsp://cam/live/')
  t.same(rest, { transport: ['RTP/AVP;unicast;client_port=6000-6001;server_port=7000-7001;source=192.168.1.20'], session: ['1;timeout=60'] })
  const named = 'RTP/AVP;unicast;client_port=1-2;source=10.0.0.9;server_port=3-4'
  for (const transport of [named, 'RTP/AVP/TCP;unicast;interleaved=0-1']) t.same(urls.answerHeaders(new Map([['transport', [transport]]]), address, '192.168.1.20'), { transport: [transport] })
})

t.test('a request keeps headers about the stream, and drops those about the client', async t => {
  const headers = new Map<string, string[]>([['cseq', ['1']], ['user-agent', ['Lavf']], ['authorization', ['Basic eA==']], ['transport', ['RTP/AVP/TCP']], ['session', ['1']], ['accept', ['application/sdp']]])
  t.same(requestHeaders(headers), { Accept: ['application/sdp'], Transport: ['RTP/AVP/TCP'], Session: ['1'] })
})
