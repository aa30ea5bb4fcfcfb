import { createHash } from 'node:crypto'
import t from 'tap'
import { newAuthMemory } from '../../src/http-auth/authorizer.js'
import type { Credentials } from '../../src/credentials.js'
import { makeJpegs } from '../jpegs.js'
import { scripted, visit } from '../rtsp-client/camera.js'
import { readHttp, scriptedHttp, whole } from '../http-client/http-camera.js'

const [jpeg] = makeJpegs(1) as [Buffer]
const admin = { username: 'admin', password: 'secret' }
const gardener = { username: 'gärtner', password: 'süß' }
const bytes = (text: string) => Buffer.from(text).toString('latin1')

/** The response that a camera with these bytes expects, computed independently of the code under test. */
const expectedResponse = (hash: string, user: string, realm: string, password: string, headerText: string, request: string): string => {
  const digest = (...parts: string[]) => createHash(hash).update(parts.join(':'), 'latin1').digest('hex')
  const given = (name: string) => new RegExp(`\\b${name}="?([^",]*)`).exec(headerText)?.[1] ?? ''
  const login = digest(user, realm, password)
  const secret = headerText.includes('-sess') ? digest(login, 'n1', given('cnonce')) : login
  const counted = headerText.includes('qop=') ? [given('nc'), given('cnonce'), 'auth'] : []
  return digest(secret, 'n1', ...counted, digest(request))
}

interface Kind {
  readonly name: string
  /** Values of WWW-Authenticate, one character per byte. */
  readonly offers: readonly string[]
  readonly credentials: Credentials
  readonly isRight: (authorization: string, request: string) => boolean
  /** Logins that are refused first. */
  readonly refused?: number
}

const byDigest = (name: string, offers: readonly string[], [user, realm, password]: readonly [string, string, string], hash = 'md5', more: Partial<Kind> = {}): Kind => ({
  name, offers, credentials: admin, isRight: (header, request) => header.includes(`username="${user}"`) && header.includes(expectedResponse(hash, user, realm, password, header, request)), ...more
})
const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`, 'latin1').toString('base64')}`

const kinds: Kind[] = [
  byDigest('a realm in UTF-8', [`Digest realm="${bytes('Überwachung')}", nonce="n1"`], ['admin', bytes('Überwachung'), 'secret']),
  byDigest('a realm in Latin-1', ['Digest realm="Überwachung", nonce="n1"'], ['admin', 'Überwachung', 'secret']),
  byDigest('a user in UTF-8', ['Digest realm="cam", nonce="n1"'], [bytes('gärtner'), 'cam', bytes('süß')], 'md5', { credentials: gardener }),
  byDigest('a user in Latin-1', ['Digest realm="cam", nonce="n1"'], ['gärtner', 'cam', 'süß'], 'md5', { credentials: gardener, refused: 1 }),
  byDigest('a user beyond Latin-1', ['Digest realm="cam", nonce="n1"'], [bytes('管理'), 'cam', 'x'], 'md5', { credentials: { username: '管理', password: 'x' } }),
  byDigest('MD5-sess', ['Digest realm="cam", nonce="n1", algorithm="MD5-sess", qop="auth"'], ['admin', 'cam', 'secret']),
  byDigest('SHA-256-sess without qop', ['Digest realm="cam", nonce="n1", algorithm=SHA-256-sess'], ['admin', 'cam', 'secret'], 'sha256'),
  byDigest('SHA-512-256', ['Digest realm="cam", nonce="n1", algorithm="SHA-512-256"'], ['admin', 'cam', 'secret'], 'sha512-256'),
  byDigest('SHA-256 offered and refused', ['Digest realm="cam", nonce="n1"', 'Digest realm="cam", nonce="n1", algorithm=SHA-256'], ['admin', 'cam', 'secret'], 'md5', { refused: 1 }),
  { name: 'Basic without a realm', offers: ['Basic'], credentials: admin, isRight: header => header === basic('admin', 'secret') },
  { name: 'Basic in UTF-8', offers: ['Basic realm="cam"'], credentials: gardener, isRight: header => header === basic(bytes('gärtner'), bytes('süß')) },
  { name: 'Basic in Latin-1', offers: ['Basic realm="cam"'], credentials: gardener, isRight: header => header === basic('gärtner', 'süß'), refused: 1 }
]

for (const { name, offers, credentials, isRight, refused = 0 } of kinds) {
  t.test(`a camera with ${name}`, async t => {
    t.test('is read over HTTP, and a refused method is not tried again', async t => {
      let refusals = 0
      const { url } = await scriptedHttp(t, ({ header, path }, socket) => {
        const given = header('authorization')
        const proven = given !== undefined && isRight(given, `GET:${path}`)
        if (given !== undefined && !proven) refusals++
        socket.write(proven ? whole(jpeg) : Buffer.from(`HTTP/1.1 401 No\r\n${offers.map(offer => `WWW-Authenticate: ${offer}\r\n`).join('')}Content-Length: 0\r\n\r\n`, 'latin1'))
      })
      const memory = newAuthMemory()
      for (let visits = 0; visits < 2; visits++) {
        const { pictures, leave } = readHttp(url, { credentials, auth: { memory } })
        await pictures(2)
        await leave()
        t.equal(refusals, refused)
      }
    })
    t.test('is read over RTSP, and a refused method is not tried again', async t => {
      let refusals = 0
      const { url, asked } = await scripted(t, ({ method, url, headers }, socket) => {
        const given = headers.get('authorization')?.[0]
        const proven = given !== undefined && isRight(given, `${method}:${url}`)
        if (given !== undefined && !proven) refusals++
        const challenge = offers.map(offer => `WWW-Authenticate: ${offer}\r\n`).join('')
        const answer = method === 'OPTIONS' ? '200 OK' : proven ? '454 Session Not Found' : `401 No\r\n${challenge.trim()}`
        socket.write(Buffer.from(`RTSP/1.0 ${answer}\r\nCSeq: ${headers.get('cseq')}\r\n\r\n`, 'latin1'))
      })
      const memory = newAuthMemory()
      for (let visits = 0; visits < 2; visits++) {
        const { seen, ended } = visit(url, { credentials, auth: { memory } })
        await ended()
        t.match(seen.error, { code: 'RTSP_REFUSED', status: 454 }, 'the login succeeded')
        t.equal(refusals, refused)
      }
      t.ok(asked.length > 0)
    })
  })
}

t.test('a camera that asks for Basic after Digest does not get the password', async t => {
  const memory = newAuthMemory()
  const digest = 'Digest realm="cam", nonce="n1"'
  const http = await scriptedHttp(t, ({ header }, socket, count) => {
    socket.write(whole('', { 'WWW-Authenticate': count > 1 || header('authorization') ? 'Basic realm="cam"' : digest }, '401 No'))
  })
  const rtsp = await scripted(t, ({ method, headers }, socket) => {
    socket.write(`RTSP/1.0 ${method === 'OPTIONS' ? '200 OK' : '401 No\r\nWWW-Authenticate: Basic realm="cam"'}\r\nCSeq: ${headers.get('cseq')}\r\n\r\n`)
  })
  for (const visits of [1, 2]) {
    const { seen, ended } = readHttp(http.url, { credentials: admin, auth: { memory } })
    await ended()
    t.match(seen.error, { code: 'DOWNGRADE' }, `attempt ${visits}`)
    const session = visit(rtsp.url, { credentials: admin, auth: { memory } })
    await session.ended()
    t.match(session.seen.error, { code: 'DOWNGRADE' })
  }
  t.notOk(http.asked.some(({ header }) => header('authorization')?.startsWith('Basic')))
  t.notOk(rtsp.asked.some(({ headers }) => headers.has('authorization')))
  const allowed = readHttp(http.url, { credentials: admin, auth: { memory, allowBasic: true } })
  await allowed.ended()
  t.equal(http.asked.at(-1)!.header('authorization'), basic('admin', 'secret'))
})
