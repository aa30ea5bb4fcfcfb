import { createHash } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { digestAlgorithms, type AuthChallenge } from '../../src/http-auth/challenge.js'
import { authorization, verify } from '../../src/http-auth/digest.js'

const mufasa = { username: 'Mufasa', password: 'Circle of Life' }
const page = { method: 'GET', url: '/dir/index.html' }
const digest = {
  scheme: 'digest', realm: 'http-auth@example.org', nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v', algorithm: 'MD5', qop: true
} as const

t.test('an answer to a challenge', async t => {
  t.test('is that of RFC 7616 section 3.9.1', async t => {
    const cnonce = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ'
    t.match(authorization(digest, mufasa, page, 1, cnonce), 'response="8ca523f5e9506fed4657c9700eebdbec"')
    t.match(authorization({ ...digest, algorithm: 'SHA-256' }, mufasa, page, 1, cnonce),
      'response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"')
  })
  t.test('is right for SHA-512-256, with the input of RFC 7616 section 3.9.2', async t => {
    const challenge = { ...digest, realm: 'api@example.org', nonce: '5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK', algorithm: 'SHA-512-256' } as const
    const jaesoen = { username: 'J\u00e4s\u00f8n Doe', password: 'Secret, or not?' }
    t.match(authorization(challenge, jaesoen, { method: 'GET', url: '/doe.json' }, 1, 'NTg6RKcb9boFIAS3KrFK9BGeh+niz/sm'),
      'response="7a4e1192babbba02e91182d2895bfdbf7adafc6e48d4e517ca301974843d840c"') // the RFC's own value is not SHA-512/256's (erratum 4897); this one is by Python's hashlib
  })
  t.test('hashes the bytes of the realm as received, and of the user in the given charset', async t => {
    const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex')
    const page = md5(Buffer.from('GET:/'))
    for (const charset of ['utf8', 'latin1'] as const) {
      const realm = Buffer.from('\u00dcberwachung', charset)
      const secret = md5(Buffer.concat([Buffer.from('m\u00fcller', charset), Buffer.from(':'), realm, Buffer.from(':stra\u00dfe', charset)]))
      const header = authorization({ ...digest, realm: realm.toString('latin1'), nonce: 'n', qop: false }, { username: 'm\u00fcller', password: 'stra\u00dfe' },
        { method: 'GET', url: '/' }, 1, '', charset)
      t.match(header, `response="${md5(Buffer.from(`${secret}:n:${page}`))}"`, charset)
      t.ok(Buffer.from(header, 'latin1').includes(Buffer.from('username="m\u00fcller"', charset)), charset)
    }
  })
  t.test('hashes our nonce into the secret with -sess', async t => {
    const md5 = (text: string) => createHash('md5').update(text).digest('hex')
    const secret = md5(`${md5('admin:cam:secret')}:abc:mine`)
    const challenge = { ...digest, realm: 'cam', nonce: 'abc', algorithm: 'MD5-sess' } as const
    const admin = { username: 'admin', password: 'secret' }
    t.match(authorization(challenge, admin, { method: 'GET', url: '/' }, 1, 'mine'), `response="${md5(`${secret}:abc:00000001:mine:auth:${md5('GET:/')}`)}", algorithm=MD5-sess`)
    const bare = authorization({ ...challenge, qop: false }, admin, { method: 'GET', url: '/' }, 1, 'mine')
    t.match(bare, `response="${md5(`${secret}:abc:${md5('GET:/')}`)}"`)
    t.match(bare, 'cnonce="mine"', 'without it nobody could check')
  })
  t.test('is that of RFC 2617 section 3.5', async t => {
    const challenge: AuthChallenge = { ...digest, realm: 'testrealm@host.com', nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093' }
    t.match(authorization(challenge, { username: 'Mufasa', password: 'Circle Of Life' }, page, 1, '0a4f113b'),
      'response="6629fae49393a05397450978507c4ef1"')
  })
  t.test('is that of RFC 2069 without qop, its erratum applied', async t => {
    const challenge: AuthChallenge = { ...digest, realm: 'testrealm@host.com', nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093', qop: false }
    t.match(authorization(challenge, { username: 'Mufasa', password: 'CircleOfLife' }, page), 'response="1949323746fe6a43ef61f9606e7febea"')
  })
  t.test('is that of RFC 7617 section 2', async t => {
    t.equal(authorization({ scheme: 'basic', realm: 'WallyWorld' }, { username: 'Aladdin', password: 'open sesame' }, page),
      'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==')
  })
  t.test('is verified with the same credentials only', async t => {
    const name = fc.string().filter(text => !text.includes(':'))
    const challenges = fc.constantFrom<AuthChallenge>(
      { scheme: 'basic', realm: 'r' }, digest, { ...digest, qop: false, opaque: 'o"' }, ...digestAlgorithms.map(algorithm => ({ ...digest, algorithm })))
    fc.assert(fc.property(challenges, name, fc.string(), fc.string(), (challenge, username, password, other) => {
      const header = authorization(challenge, { username, password }, { method: 'PLAY', url: 'rtsp://host/1' })
      t.ok(verify(header, challenge, { username, password }, 'PLAY'))
      t.equal(verify(header, challenge, { username, password: other }, 'PLAY'), password === other)
      t.equal(verify(header, challenge, { username: `${username}x`, password }, 'PLAY'), false)
    }))
  })
})

t.test('Digest refuses an answer', async t => {
  const header = authorization(digest, mufasa, page)
  t.ok(verify(header, digest, mufasa, 'GET'))
  t.notOk(verify(header, digest, mufasa, 'POST'), 'about another method')
  t.notOk(verify(header, { ...digest, nonce: 'another' }, mufasa, 'GET'), 'about another nonce')
  t.notOk(verify(header, { scheme: 'basic', realm: digest.realm }, mufasa, 'GET'), 'to Basic')
  t.notOk(verify(header.replace(/uri="[^"]*"/, 'uri="/other"'), digest, mufasa, 'GET'), 'about another URI')
  for (const junk of ['', 'Digest', 'Digest ', 'Digest response="x"', header.replace('qop=auth', 'qop=auth-int'), header.replace(/nc=\d+, /, '')]) {
    t.notOk(verify(junk, digest, mufasa, 'GET'), JSON.stringify(junk.slice(0, 20)))
  }
})
