import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { CamgateError } from '../../src/errors.js'
import { addSecrets } from '../../src/text/redact.js'
import { credentialsProblem, rtspInput, rtspLabel, normalizeRtsp } from '../../src/sources/rtsp.js'
import type { Credentials } from '../../src/credentials.js'

const camera = { source: { type: 'rtsp', url: 'rtsp://10.0.0.5:554/live' }, transport: 'tcp' } as const
const text = fc.string({ unit: 'binary' }).filter(text => !text.includes('\0'))
const current = { socketTimeout: 'timeout' } as const

t.test('normalizeRtsp', async t => {
  t.test('keeps a URL without credentials as it is', async t => {
    const url = 'rtsp://192.168.1.20:554/cam/realmonitor?channel=1&subtype=1'
    t.same(normalizeRtsp({ url }), { source: { type: 'rtsp', url } })
    t.same(normalizeRtsp({ url: ' RTSP://cam_1/x\n' }).source.url, 'rtsp://cam_1/x')
    t.same(normalizeRtsp({ url: 'rtsp://[fe80::1%eth0]:8554/x' }).source.url, 'rtsp://[fe80::1%eth0]:8554/x')
    t.same(normalizeRtsp({ url: "rtsp://cam/it's a <läne>" }).source.url, 'rtsp://cam/it%27s%20a%20%3Cl%C3%A4ne%3E')
  })

  t.test('takes credentials out of the URL and decodes them', async t => {
    const cases: Array<[string, Credentials]> = [
      ['admin:secret', { username: 'admin', password: 'secret' }],
      ['admin:p%40ss%2Fw%C3%B6rd', { username: 'admin', password: 'p@ss/wörd' }],
      ['admin:p@ss', { username: 'admin', password: 'p@ss' }],
      ['admin:100%', { username: 'admin', password: '100%' }],
      ['admin:a:b', { username: 'admin', password: 'a:b' }],
      ['admin', { username: 'admin', password: '' }]
    ]
    for (const [userinfo, credentials] of cases) {
      t.same(normalizeRtsp({ url: `rtsp://${userinfo}@10.0.0.5:554/live` }), { source: camera.source, credentials }, userinfo)
    }
  })

  t.test('reads back whatever encodeURIComponent wrote', async () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (username, password) => {
      const userinfo = `${encodeURIComponent(username)}:${encodeURIComponent(password)}`
      assert.deepEqual(normalizeRtsp({ url: `rtsp://${userinfo}@10.0.0.5:554/live` }).credentials, { username, password })
    }), { numRuns: 200 })
  })

  t.test('refuses any other URL, and quotes nothing of it', async t => {
    const urls = [
      '', 'rtsp://', 'rtsp:///hunter2', 'http://hunter2/', 'rtsp://10.0.0.5:hunter2', 'rtsp://10.0.0.5:99999/hunter2',
      'rtsp://admin:hunter2/34@10.0.0.5/', 'rtsp://admin:12/hunter2@10.0.0.5/', 'rtsp://admin:12/3/hunter2@10.0.0.5/',
      'rtsp://admin:12?hunter2@10.0.0.5/', 'rtsp://admin:12#hunter2@10.0.0.5/', 'rtsp://admin:%ff%fehunter2@10.0.0.5/',
      `rtsp://10.0.0.5/hunter2${'x'.repeat(1000)}`
    ]
    for (const url of urls) {
      const error = t.throws(() => normalizeRtsp({ url }), { code: 'SOURCE' }, url)
      t.notMatch(String(error), 'hunter2')
    }
  })

  t.test('throws nothing but SourceError for any text', async () => {
    fc.assert(fc.property(text, text, (one, two) => {
      try {
        assert.match(normalizeRtsp({ url: `rtsp://${one}@${two}` }).source.url, /^rtsp:\/\/[\x21-\x7e]+$/)
      } catch (error) {
        assert.ok(error instanceof CamgateError, String(error))
      }
    }), { numRuns: 500 })
  })
})

t.test('rtspLabel', async t => {
  t.test('shows the harmless part of a query, and an ellipsis for secrets in a path', async t => {
    const label = (rest: string) => rtspLabel({ type: 'rtsp', url: `rtsp://10.0.0.5:554/${rest}` })
    t.equal(label('live?channel=2'), 'rtsp://10.0.0.5:554/live?channel=2')
    t.equal(label('user=admin&password=x&y&channel=1'), 'rtsp://10.0.0.5:554/user=…&password=…&channel=1')
    t.equal(label('user=admin_password=tlJw_channel=1.sdp'), 'rtsp://10.0.0.5:554/user=…_password=…_channel=1.sdp')
    t.equal(label('live?PWD=x&access_token=y'), 'rtsp://10.0.0.5:554/live')
    t.equal(label('cam/realmonitor?channel=1&x&subtype=0&sid=7'), 'rtsp://10.0.0.5:554/cam/realmonitor?channel=1&subtype=0')
    addSecrets(['T0ken'])
    t.equal(label('T0ken/live?channel=T0ken'), 'rtsp://10.0.0.5:554/…/live')
  })
})

t.test('rtspInput', async t => {
  t.test('puts the address into a script on stdin, not into the arguments', async t => {
    const { args, stdin } = rtspInput(camera, current)
    t.notMatch(args.join(' '), /10\.0\.0\.5/)
    t.match(stdin.split('\n'), ['ffconcat version 1.0', "file 'rtsp://10.0.0.5:554/live'"])
  })

  t.test('uses the dialect of the installed ffmpeg', async t => {
    t.match(rtspInput(camera, current).stdin, /^option timeout 8000000$/m)
    t.match(rtspInput({ ...camera, fps: 0.2 }, current).stdin, /^option timeout 20000000$/m, 'a camera may be silent for five seconds')
    t.match(rtspInput({ ...camera, transport: 'udp' }, { socketTimeout: 'stimeout' }).stdin,
      /^option rtsp_transport udp\n(?:.*\n)*option stimeout 8000000$/m)
  })

  t.test('makes ffmpeg try TCP first by default', async t => {
    t.match(rtspInput({ ...camera, transport: 'auto' }, current).stdin, /^option rtsp_transport tcp\+udp\noption rtsp_flags prefer_tcp$/m)
  })
})

t.test('credentials', async t => {
  t.test('may be long, and hold any character that can be sent', async t => {
    for (const credentials of [{ username: 'admin', password: 'x'.repeat(500) }, { username: 'gärtner', password: ':"\\@ 密' }]) t.equal(credentialsProblem(credentials), undefined)
    t.match(credentialsProblem({ username: 'a:b', password: '' }), /':'/)
    t.match(credentialsProblem({ username: 'a', password: '\0' }), /NUL/)
  })
})
