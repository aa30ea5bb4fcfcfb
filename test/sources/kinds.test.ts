import t from 'tap'
import { ffmpegInput, labelOf, normalizeSource } from '../../src/sources/kinds.js'

t.test('normalizeSource', async t => {
  t.test('chooses the source by the URL\'s scheme', async t => {
    t.same(normalizeSource('rtsp://cam/live'), { source: { type: 'rtsp', url: 'rtsp://cam/live' } })
    t.same(normalizeSource('RTSPS://cam/live'), { source: { type: 'rtsp', url: 'rtsps://cam/live' } })
    t.same(normalizeSource({ type: 'rtsp', url: 'rtsps://cam', allowSelfSigned: true }).source, { type: 'rtsp', url: 'rtsps://cam', allowSelfSigned: true })
    t.same(normalizeSource({ type: 'rtsp', url: 'rtsp://u:p@cam/live' }),
      { source: { type: 'rtsp', url: 'rtsp://cam/live' }, credentials: { username: 'u', password: 'p' } })
  })
  t.test('separates the credentials of an HTTP URL of any kind', async t => {
    t.same(normalizeSource(' HTTP://u:p%40@cam:8080/video.mjpg?channel=1 '), { source: { type: 'http', url: 'http://cam:8080/video.mjpg?channel=1' }, credentials: { username: 'u', password: 'p@' } })
    t.same(normalizeSource({ type: 'http-jpeg', url: 'https://cam/snap.jpg', allowSelfSigned: true }), { source: { type: 'http-jpeg', url: 'https://cam/snap.jpg', allowSelfSigned: true } })
    t.equal(labelOf({ type: 'http-mjpeg', url: 'http://cam/videostream.cgi?user=admin&pwd=hunter2&rate=0' }), 'http://cam/videostream.cgi?rate=0')
    for (const url of ['rtsp://cam/hunter2', 'http://', 'http://cam:hunter2', 'http://admin:hunter2/3@cam/', 'htp://hunter2']) {
      const messageAbout = String(t.throws(() => normalizeSource({ type: 'http-mjpeg', url }), { code: 'SOURCE', message: /expected an HTTP URL like http:\/\/192/ }))
      t.notMatch(messageAbout, 'hunter2')
    }
  })
  t.test('takes a token for another camgate', async t => {
    const about = (url: string, more: object = {}) => normalizeSource({ type: 'http', url, token: 'ab.c-_~+/==', ...more })
    for (const url of ['https://barn/camera/1', 'http://127.0.0.1:5000/camera/1', 'http://[::1]:5000/camera/1', 'http://localhost/camera/1']) {
      t.same(about(url), { source: { type: 'http', url, token: 'ab.c-_~+/==' } })
    }
    t.same(about('http://barn/camera/1', { allowPlainHttp: true }).source, { type: 'http', url: 'http://barn/camera/1', token: 'ab.c-_~+/==' })
    for (const url of ['http://barn/camera/1', 'http://127.0.0.1.example/', 'http://192.168.1.20/', 'HTTP://barn']) {
      t.match(t.throws(() => about(url)), { code: 'SOURCE', key: 'token', message: /anybody who listens in can read the token; write https:/ }, url)
    }
    t.match(t.throws(() => about('https://u:hunter2@barn/')), { key: 'token', message: 'the URL carries credentials too; keep one of the two' })
    for (const token of ['a b', 'a\r\nX: y', 'ä', '=']) t.match(t.throws(() => about('https://barn/', { token })), { key: 'token', message: /expected a token of letters/ })
  })
  t.test('shows a signed address without what signs it', async t => {
    t.equal(labelOf({ type: 'http', url: 'https://barn/camera/1?exp=1800000000&fps=5&kid=k1&sig=abc_-def&sub=anna' }), 'https://barn/camera/1?fps=5')
  })
  t.test('fills in the defaults of a simulated camera', async t => {
    t.same(normalizeSource({ type: 'simulated' }), { source: { type: 'simulated', codec: 'h264', auth: 'none' } })
  })
  t.test('lists the schemes, and names the one that was probably meant', async t => {
    const messageAbout = (url: string) => String(t.throws(() => normalizeSource(url), { code: 'SOURCE' }))
    for (const slip of ['rstp', 'rtps', 'rtp', 'RTSPT']) t.match(messageAbout(`${slip}://u:hunter2@x/`), /did you mean rtsp:/, slip)
    for (const other of ['ftp', 'rtmp', 'srt', 'toString', '__proto__']) {
      t.match(messageAbout(`${other}://hunter2`), /expected rtsp:.* or https:/)
      t.notMatch(messageAbout(`${other}://hunter2`), /did you mean|hunter2/)
    }
    for (const text of ['hunter2', '/etc/hunter2', 'hunter2 hunter2', './hunter2/x']) t.notMatch(messageAbout(text), /hunter2|did you mean/, text)
    for (const text of ['/dev/video2', '2']) t.match(messageAbout(text), /; did you mean \{ type: v4l2, device: \/dev\/video2 \}\?$/)
    t.match(messageAbout('/dev/v4l/by-id/usb-cam'), /did you mean \{ type: v4l2, device: \/dev\/… \}\?$/)
    for (const text of ['demo.mp4', './films/a b.MKV', '/srv/hunter2.jpg']) {
      t.match(messageAbout(text), /did you mean \{ type: file, path: … \}\?$/)
      t.notMatch(messageAbout(text), /demo|hunter2/)
    }
  })
  t.test('suggests what to write for an address that is nearly right', async t => {
    const messageAbout = (url: string) => {
      const message = String(t.throws(() => normalizeSource(url), { code: 'SOURCE' }))
      t.notMatch(message, /hunter2/, url)
      return message
    }
    for (const text of ['rtsp:/hunter2', 'rtsp:hunter2', 'rtsp//hunter2/a', 'RTSP:\\\\hunter2', 'rtsp;//hunter2']) t.match(messageAbout(text), /did you mean rtsp:\/\/…\?/, text)
    for (const text of ['http:/hunter2/snap.jpg', 'http:hunter2', 'http//hunter2/a.mp4']) t.match(messageAbout(text), /did you mean http:\/\/…\?/, text)
    const bare = ['192.168.1.20', '192.168.1.20:554/hunter2', 'admin:hunter2@192.168.1.20', 'admin:hunter2@cam/a.mp4', 'cam.local/hunter2', 'cam:554', '[fe80::1]/hunter2', '192.168.1.20/hunter2.mp4']
    for (const text of bare) t.match(messageAbout(text), /begins with its scheme: did you mean rtsp:\/\/…\?/, text)
    for (const text of ['192.168.1.20/hunter2.jpg', 'cam:8080/hunter2', 'admin:hunter2@cam/snapshot', '192.168.1.20:80']) t.match(messageAbout(text), /did you mean http:\/\/…\?/, text)
    for (const text of ['“rtsp://hunter2”', '‘hunter2’', '„hunter2“']) t.match(messageAbout(text), /typographic quotes/, text)
    t.match(messageAbout('onvif://hunter2'), /an ONVIF address has no pictures.*camgate discover HOST --user NAME prints it/)
    t.match(messageAbout('rtmp://hunter2'), /does not speak RTMP/)
    t.match(messageAbout('file:///hunter2'), /\{ type: file, path: … \}/)
    t.match(messageAbout('ffmpeg:rtsp://hunter2'), /ffmpeg: is go2rtc's/)
    t.match(messageAbout('exec:hunter2 -i x'), /\{ type: exec, command:/)
  })
  t.test('reports a port out of range, unless the number may belong to a password', async t => {
    for (const url of ['rtsp://cam:99999/x', 'rtsp://cam:554554/', 'http://cam:0/', 'rtsp://u:p@cam:65536/a?b=c']) {
      t.match(String(t.throws(() => normalizeSource(url))), /its port is out of range; there are ports from 1 to 65535/, url)
    }
    for (const url of ['rtsp://admin:99999/x@cam/', 'rtsp://cam:99999/?a=b@c']) t.match(String(t.throws(() => normalizeSource(url))), /A password with \/ \? # or @/, url)
    t.equal(labelOf(normalizeSource('rtsp://cam:65535/').source), 'rtsp://cam:65535/')
  })
})

t.test('ffmpegInput and labelOf depend on the kind of source', async t => {
  const source = { type: 'rtsp', url: 'rtsp://cam/live?pwd=x' } as const
  t.match(ffmpegInput({ source, transport: 'tcp' }, { socketTimeout: 'timeout' }), { stdin: /rtsp:\/\/cam\/live/ })
  t.equal(labelOf(source), 'rtsp://cam/live')
  t.same(ffmpegInput({ source: { type: 'pattern' }, transport: 'tcp', fps: 5, width: 320 }, { socketTimeout: 'timeout' }), { args: ['-re', '-f', 'lavfi'], name: 'testsrc2=size=320x180:rate=5' })
  t.match(ffmpegInput({ source: { type: 'pattern' }, transport: 'tcp', width: 90, height: 160, rotate: 270 }, { socketTimeout: 'timeout' }), { name: 'testsrc2=size=160x90:rate=20' }, 'before it is turned')
  t.equal(labelOf({ type: 'pattern' }), 'test pattern')
  t.equal(labelOf({ type: 'simulated', codec: 'mjpeg', auth: 'none' }), 'simulated mjpeg')
})
