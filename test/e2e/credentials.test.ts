/* eslint-disable no-template-curly-in-string -- users write ${…} in the file */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { checkMarked, secret } from './credentials.js'
// @ts-ignore: plain JavaScript, because tap's reporter imports it
import { CANARY, leaksIn, searchSaid } from './leaks.mjs'
import { startService } from './service.js'

const password = secret('p@ss w/ö"%41')

t.test('the search for credentials', async t => {
  t.test('finds a password, whole or in part, in any encoding', async t => {
    const forms = {
      raw: password,
      half: password.slice(-10),
      'upper case': password.toUpperCase(),
      JSON: JSON.stringify({ password }),
      'percent-encoded': encodeURIComponent(password),
      'percent-encoded throughout': Buffer.from(password).toString('hex').replace(/../g, '%$&'),
      hex: Buffer.from(password).toString('hex'),
      'a Buffer as console.log shows it': Buffer.from(password).toString('hex').replace(/..(?=.)/g, '$& '),
      'a Buffer as JSON': JSON.stringify(Buffer.from(password)),
      'Basic, 1': Buffer.from(`a:${password}`).toString('base64'),
      'Basic, 2': Buffer.from(`ab:${password}`).toString('base64'),
      'Basic, 3': Buffer.from(`abc:${password}`).toString('base64url'),
      'its hash': '$scrypt$ln=15,r=8,p=3$c2FsdHNhbHRzYWx0$Tf2v/O+XNjurweDC74rfrJVPMpklmBsABP0EWP2pIbA',
      'a token': 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm5hIn0.c2ln',
      'a link': `GET /camera/1?exp=1&kid=a&sig=${'a-_B'.repeat(11).slice(1)}`,
      'a link in a link': `/?then=%2Fcamera%2F1%3Fsig%3D${'a-_B'.repeat(11).slice(1)}`,
      'a private key': '-----BEGIN EC PRIVATE KEY-----'
    }
    for (const [form, text] of Object.entries(forms)) t.ok(leaksIn(`level=info ${text} and so on`).length > 0, form)
    t.match(leaksIn(`..${CANARY}`), [{ offset: 2 }])
    t.same(leaksIn('rtsp://10.0.0.5/live canary kAnArY a29uYXJ5 $scrypt$… ln=15,r=8,p=3 sig=*** eyJhbGciOiJIUzI1NiJ9 -----BEGIN PUBLIC KEY-----'), [])
  })

  t.test('finds what has let somebody in, wherever it is but in Set-Cookie', async t => {
    const [cookie, unused, token] = ['c-_'.repeat(14), 'd-_'.repeat(14), 'eyJ0.eyJ1.s1g-_'.padEnd(60, '5')]
    const said = (more: Record<string, string>) => t.testdir({
      'a.proofs': `Bearer ${token}\n${cookie}\nBearer null\n`,
      'b.answers': `HTTP/1.1 200 OK\r\nSet-Cookie: camgate_5000=${cookie}; HttpOnly\r\nSet-Cookie: camgate_5001=${unused}\r\n\r\n{"user":"null"}`,
      ...more
    })
    t.match(searchSaid(said({})), { files: 1, leaks: [] })
    for (const leak of [cookie, cookie.slice(0, 20), unused, `Cookie: camgate_5000=${cookie}`, `sig=${token.slice(-30)}`]) {
      t.match(searchSaid(said({ 'b.stdout': `{"msg":"GET /","with":"${leak}"}` })).leaks, [{ file: /b\.stdout$/, text: /GET/ }], leak)
    }
  })

  t.test('covers every password, because a service with any other is not started', async t => {
    const good = [
      `source: rtsp://x\nusername: ${secret('a')}\npassword: ${JSON.stringify(password)}\n`, `{"username":"${secret('a')}","password":"${secret('b')}"}`,
      `source: rtsp://${secret('a')}:${secret('b')}@x`, "password: '${PASSWORD}'", 'password: $scrypt$ln=1', 'links: { keys: { k1: "${KEY}" } }', `jwt: { secret: ${secret('a')} }`, `{"keys":{"k1":"${secret('a')}"}}`, '{"no-password":{"source":"rtsp://x"}}', 'source: rtsp://10.0.0.5/live'
    ]
    for (const yaml of good) t.doesNotThrow(() => checkMarked(yaml), yaml)
    for (const yaml of ['password: hunter2', '{"username": "admin"}', "{ password: 'x y' }", 'source: rtsp://a:b@x', 'jwt: { secret: hunter2 }', 'token: hunter2', '{"keys":{"k1":"hunter2"}}']) {
      t.throws(() => checkMarked(yaml), /secret\(\)/, yaml)
    }
  })

  t.test('searches the log, the answers and the processes of a service', async t => {
    const url = `rtsp://${secret('a')}:${encodeURIComponent(password)}@127.0.0.1:9/live?user=a&pwd=${secret('b')}`
    const yaml = JSON.stringify({ cameras: { 1: { source: { type: 'simulated' }, username: secret('a'), password, decode: 'always' }, 2: { source: url, substream: url.replace('live', 'small') }, 3: { source: { type: 'simulated' }, username: secret('a'), password, ingest: 'ffmpeg' } } })
    const service = await startService(t, { config: join(t.testdir({ 'cameras.yaml': yaml }), 'cameras.yaml') })
    await service.until(({ cameras }) => cameras[1]!.framesTotal > 0 && cameras[2]!.state === 'waiting' && cameras[3]!.state === 'running', 'two are shown, the other is not')
    await (await fetch(new URL('camera/nobody', service.url))).text()
    await (await fetch(new URL('camera/1/snapshot', service.url))).arrayBuffer()
    await service.end()
    const kept = (what: string) => readFileSync(`${service.recording.path}.${what}`, 'latin1')
    t.match(kept('stdout'), /"source":"rtsp:\/\/127\.0\.0\.1:9\/live[^]*"msg":"SIGTERM: stopping"/)
    t.match(kept('processes'), /^\d+ \S*ffmpeg .* pipe:3$/m)
    t.match(kept('processes'), /^\d+ \S*ffmpeg .* concat /m)
    t.match(kept('answers'), /^HTTP\/1\.1 200 OK\r\n[^]*"state":"running"[^]*HTTP\/1\.1 404 Not Found\r\n[^]*CAMERA_NOT_FOUND/)
    t.match(kept('answers'), '"substream":{"address":"rtsp://127.0.0.1:9/small')
    t.notMatch(kept('answers'), 'JFIF')
    t.same(searchSaid().leaks, [])
  })
})
