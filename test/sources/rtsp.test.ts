import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { CamgateError } from '../../src/errors.js'
import { addSecrets } from '../../src/redact.js'
import { credentialsProblem, rtspInput, rtspLabel, settleRtsp } from '../../src/sources/rtsp.js'
import type { Credentials } from '../../src/sources/source.js'

const ffmpeg = findFfmpeg()!
const camera = { source: { type: 'rtsp', url: 'rtsp://10.0.0.5:554/live' }, transport: 'tcp' } as const
const current = { socketTimeout: 'timeout' } as const
const text = fc.string({ unit: 'binary' }).filter(text => !text.includes('\0'))

t.test('settleRtsp', async t => {
  t.test('keeps a URL without credentials as it is', async t => {
    const url = 'rtsp://192.168.1.20:554/cam/realmonitor?channel=1&subtype=1'
    t.same(settleRtsp({ url }), { source: { type: 'rtsp', url } })
    t.same(settleRtsp({ url: ' RTSP://cam_1/x\n' }).source.url, 'rtsp://cam_1/x')
    t.same(settleRtsp({ url: 'rtsp://[fe80::1%eth0]:8554/x' }).source.url, 'rtsp://[fe80::1%eth0]:8554/x')
    t.same(settleRtsp({ url: "rtsp://cam/it's a <läne>" }).source.url, 'rtsp://cam/it%27s%20a%20%3Cl%C3%A4ne%3E')
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
      t.same(settleRtsp({ url: `rtsp://${userinfo}@10.0.0.5:554/live` }), { source: camera.source, credentials }, userinfo)
    }
  })

  t.test('reads back whatever encodeURIComponent wrote', async () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (username, password) => {
      const userinfo = `${encodeURIComponent(username)}:${encodeURIComponent(password)}`
      assert.deepEqual(settleRtsp({ url: `rtsp://${userinfo}@10.0.0.5:554/live` }).credentials, { username, password })
    }), { numRuns: 200 })
  })

  t.test('refuses what is no RTSP URL, and quotes nothing of it', async t => {
    const urls = [
      '', 'rtsp://', 'rtsp:///hunter2', 'http://hunter2/', 'rtsp://10.0.0.5:hunter2', 'rtsp://10.0.0.5:99999/hunter2',
      'rtsp://admin:hunter2/34@10.0.0.5/', 'rtsp://admin:12/hunter2@10.0.0.5/', 'rtsp://admin:12/3/hunter2@10.0.0.5/',
      'rtsp://admin:12?hunter2@10.0.0.5/', 'rtsp://admin:12#hunter2@10.0.0.5/', 'rtsp://admin:%ff%fehunter2@10.0.0.5/',
      `rtsp://10.0.0.5/hunter2${'x'.repeat(1000)}`
    ]
    for (const url of urls) {
      const error = t.throws(() => settleRtsp({ url }), { code: 'SOURCE' }, url)
      t.notMatch(String(error), 'hunter2')
    }
  })

  t.test('throws nothing but that for any text', async () => {
    fc.assert(fc.property(text, text, (one, two) => {
      try {
        assert.match(settleRtsp({ url: `rtsp://${one}@${two}` }).source.url, /^rtsp:\/\/[\x21-\x7e]+$/)
      } catch (error) {
        assert.ok(error instanceof CamgateError, String(error))
      }
    }), { numRuns: 500 })
  })
})

t.test('rtspLabel', async t => {
  t.test('shows of a query what is harmless, and of a path an ellipsis for what is secret', async t => {
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
  t.test('is a script on stdin that holds the credentials; the arguments do not', async t => {
    const { args, stdin } = rtspInput({ ...camera, credentials: { username: 'admin', password: "a'b\n$&" } }, current)
    t.notMatch(args.join(' '), /admin|10\.0\.0\.5/)
    t.match(stdin.split('\n'), ['ffconcat version 1.0', "file 'rtsp://admin:a%27b%0A$&@10.0.0.5:554/live'"])
  })

  t.test('keeps every character of a password, and its line whole', async () => {
    fc.assert(fc.property(text.filter(name => !name.includes(':')), text, (username, password) => {
      const { stdin } = rtspInput({ ...camera, credentials: { username, password } }, current)
      const userinfo = /^ffconcat version 1\.0\nfile 'rtsp:\/\/([^'\\/?#@\n]*)@10\.0\.0\.5:554\/live'\noption /.exec(stdin)?.[1]
      assert.deepEqual(userinfo?.split(':').map(decodeURIComponent), [username, password].map(part => Buffer.from(part).toString()))
    }), { numRuns: 500 })
  })

  t.test('takes every character of Unicode to ffmpeg in its line, and back from there', async t => {
    const { length } = rtspInput(camera, current).stdin.split('\n')
    const broken = everyCharacter().filter(({ credentials }) => {
      const lines = rtspInput({ ...camera, credentials }, current).stdin.split('\n')
      const url = /^file '([^']*)'$/.exec(lines[1]!)?.[1] ?? ''
      return lines.length !== length || /[\0-\x20\x7f]/.test(url) || !isDeepStrictEqual(settleRtsp({ url }), { source: camera.source, credentials })
    })
    t.same(broken.map(({ from }) => from), [])
  })

  t.test('speaks the dialect of the ffmpeg that is there', async t => {
    t.match(rtspInput(camera, current).stdin, /^option timeout 8000000$/m)
    t.match(rtspInput({ ...camera, fps: 0.2 }, current).stdin, /^option timeout 20000000$/m, 'one that is silent for five seconds is well')
    t.match(rtspInput({ ...camera, transport: 'udp' }, { socketTimeout: 'stimeout' }).stdin,
      /^option rtsp_transport udp\n(?:.*\n)*option stimeout 8000000$/m)
  })

  t.test('has ffmpeg try TCP first where nobody has chosen', async t => {
    t.match(rtspInput({ ...camera, transport: 'auto' }, current).stdin, /^option rtsp_transport tcp\+udp\noption rtsp_flags prefer_tcp$/m)
  })
})

t.test('what ffmpeg sends as Basic credentials', async t => {
  t.test('is what was configured, whatever characters it holds', async t => {
    const ascii = String.fromCharCode(...Array.from({ length: 127 }, (_, i) => i + 1))
    const passwords = [
      ascii.slice(0, 40), ascii.slice(40, 90), ascii.slice(90), "it's", "'\\''", '\\', 'a\nb', 'a\r\nfile x', '%41', '100%', '#?/:@',
      '', ' ', 'pässwörd', '密码', '🐄', '&amp;$&$1', 'x'.repeat(120), '@'.repeat(40), '密'.repeat(40)
    ]
    await Promise.all(passwords.map(async password => {
      const credentials = { username: 'us@r', password }
      t.equal(credentialsProblem(credentials, true), undefined)
      t.same(await sentTo(credentials), credentials)
    }))
  })

  t.test('is what was configured, up to 127 bytes: beyond, it is refused beforehand', async t => {
    const longest = { username: 'admin', password: 'x'.repeat(121) }
    t.equal(credentialsProblem(longest, true), undefined)
    t.same(await sentTo(longest), longest)
    t.match(credentialsProblem({ ...longest, password: 'x'.repeat(122) }, true), /at most 127 bytes/)
    t.equal(credentialsProblem({ ...longest, password: 'x'.repeat(500) }, false), undefined, 'camgate itself sends any')
    t.match(credentialsProblem({ username: 'a:b', password: '' }, false), /':'/)
    t.match(credentialsProblem({ username: 'a', password: '\0' }, false), /NUL/)
  })
})

/** Credentials that together hold all of Unicode, a few characters each; `from` is the first one's number. */
function everyCharacter (): Array<{ from: string, credentials: Credentials }> {
  const BLOCK = 64
  return Array.from({ length: 0x110000 / BLOCK }, (_, block) => {
    const codes = Array.from({ length: BLOCK }, (_, i) => block * BLOCK + i).filter(code => code > 0 && (code < 0xd800 || code > 0xdfff))
    const password = `begin${String.fromCodePoint(...codes)}end`
    return { from: `U+${(block * BLOCK).toString(16)}`, credentials: { username: password.replaceAll(':', ''), password } }
  })
}

/** Has ffmpeg connect to an RTSP server that asks for Basic credentials, and reads them out of its second request. */
async function sentTo (credentials: Credentials): Promise<Credentials> {
  const server = createServer(socket => {
    let received = ''
    socket.setEncoding('latin1').on('error', () => {}).on('data', (data: string) => {
      received += data
      for (let end = received.indexOf('\r\n\r\n'); end >= 0; end = received.indexOf('\r\n\r\n')) {
        const request = received.slice(0, end)
        received = received.slice(end + 4)
        const cseq = /^CSeq: (\d+)/im.exec(request)?.[1]
        const authorization = /^Authorization: Basic (.*)$/im.exec(request)?.[1]
        if (authorization) server.emit('credentials', Buffer.from(authorization, 'base64').toString())
        socket.write(`RTSP/1.0 ${authorization ? '404 Not Found' : '401 Unauthorized'}\r\nCSeq: ${cseq}\r\n` +
          'WWW-Authenticate: Basic realm="camera"\r\n\r\n')
      }
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `rtsp://127.0.0.1:${(server.address() as AddressInfo).port}/live`
  const { args, stdin } = rtspInput({ source: { type: 'rtsp', url }, credentials, transport: 'tcp' }, current)
  const child = spawn(ffmpeg, ['-v', 'error', ...args, '-i', 'pipe:0', '-f', 'null', '-'], { stdio: ['pipe', 'ignore', 'pipe'] })
  child.stdin.end(stdin)
  let said = ''
  child.stderr.on('data', data => { said += data })
  const gone = once(child, 'exit')
  const [userinfo] = await Promise.race([once(server, 'credentials'), gone.then(() => [`none, ffmpeg said: ${said}`])])
  await gone
  server.close()
  const [username = '', ...password] = String(userinfo).split(':')
  return { username, password: password.join(':') }
}
