import fc from 'fast-check'
import t from 'tap'
import { Authorizer, newAuthMemory } from '../../src/http-auth/authorizer.js'
import { formatChallenge, type AuthChallenge } from '../../src/http-auth/challenge.js'
import type { Credentials } from '../../src/credentials.js'
import { verify } from '../../src/http-auth/digest.js'

const right = { username: 'admin', password: 'p:ä "ss' }
const wrong = { ...right, password: 'guess' }
const digest = { scheme: 'digest', realm: 'Login to 4K0', nonce: 'n1', algorithm: 'MD5', qop: true } as const
const play = { method: 'PLAY', url: 'rtsp://cam/live?channel=1&subtype=0/' }

/** A camera that refuses requests without an answer to its current challenge. */
class Camera {
  failures = 0
  challenge: AuthChallenge
  constructor (challenge: AuthChallenge) {
    this.challenge = challenge
  }

  /** Sends a request as a session does. Returns whether it succeeded. */
  ask (authorizer: Authorizer, request = play): boolean {
    for (let tries = 1; ; tries++) {
      if (tries > 3) throw new Error('asks for ever')
      const header = authorizer.header(request)
      if (header !== undefined && verify(header, this.challenge, right, request.method)) return true
      if (header !== undefined) this.failures++
      if (!authorizer.challenged([formatChallenge(this.challenge)])) return false
    }
  }
}

t.test('an authorizer', async t => {
  t.test('sends nothing before a challenge', async t => {
    t.equal(new Authorizer(right).header(play), undefined)
  })
  t.test('answers every kind of challenge, and logs in to later requests at once', async t => {
    const kinds: AuthChallenge[] = [{ scheme: 'basic', realm: 'r' }, digest, { ...digest, qop: false }, { ...digest, algorithm: 'SHA-256', opaque: 'o' }]
    for (const challenge of kinds) {
      const camera = new Camera(challenge)
      const authorizer = new Authorizer(right)
      t.ok(camera.ask(authorizer))
      t.ok(camera.ask(authorizer, { method: 'TEARDOWN', url: play.url }))
      t.equal(camera.failures, 0)
    }
  })
  t.test('counts its answers to a nonce, and signs the URL as it is sent', async t => {
    const authorizer = new Authorizer(right)
    t.ok(authorizer.challenged([formatChallenge(digest)]))
    t.match(authorizer.header(play), `uri="${play.url}"`)
    t.match(authorizer.header(play), 'nc=00000002')
    t.ok(authorizer.challenged([formatChallenge({ ...digest, nonce: 'n2' })]))
    t.match(authorizer.header(play), /nonce="n2".*nc=00000001/)
  })
  t.test('tries a wrong password once', async t => {
    for (const challenge of [digest, { scheme: 'basic', realm: 'r' } as const]) {
      const camera = new Camera(challenge)
      t.notOk(camera.ask(new Authorizer(wrong)))
      t.equal(camera.failures, 1)
    }
    const authorizer = new Authorizer(wrong)
    t.ok(authorizer.challenged([formatChallenge(digest)]))
    authorizer.header(play)
    t.notOk(authorizer.challenged([formatChallenge({ ...digest, nonce: 'n2' })]), 'a new nonce with every 401')
  })
  t.test('accepts a new nonce when the old one expires, marked stale or not', async t => {
    const camera = new Camera(digest)
    const authorizer = new Authorizer(right)
    for (const [index, stale] of [{}, { stale: true as const }, {}].entries()) {
      camera.challenge = { ...digest, nonce: `next ${index}`, ...stale }
      t.ok(camera.ask(authorizer))
      t.ok(camera.ask(authorizer))
    }
    t.equal(camera.failures, 2)
  })
  t.test('trusts a camera that calls a new nonce stale, but only once', async t => {
    const stale = (nonce: string) => [formatChallenge({ ...digest, nonce, stale: true })]
    const authorizer = new Authorizer(right)
    t.ok(authorizer.challenged([formatChallenge(digest)]))
    authorizer.header(play)
    t.ok(authorizer.challenged(stale('n2')))
    authorizer.header(play)
    t.notOk(authorizer.challenged(stale('n3')))
  })
  t.test('trusts it again after an accepted login', async t => {
    const stale = (nonce: string) => [formatChallenge({ ...digest, nonce, stale: true })]
    const authorizer = new Authorizer(right)
    for (const nonce of ['n1', 'n2', 'n3', 'n4']) {
      t.ok(authorizer.challenged(stale(nonce)))
      authorizer.header(play)
      t.ok(authorizer.challenged(stale(`${nonce}b`)))
      authorizer.header(play)
      authorizer.header(play)
    }
  })
  t.test('tries nothing without credentials, or without a challenge that it understands', async t => {
    t.notOk(new Authorizer(undefined).challenged([formatChallenge(digest)]))
    t.equal(new Authorizer(undefined).header(play), undefined)
    for (const challenges of [[], ['Negotiate'], ['Digest realm="r"']]) t.notOk(new Authorizer(right).challenged(challenges))
  })
  t.test('tries the next method of a camera that refuses one that it offers, and begins with it the next time', async t => {
    const offered = [digest, { ...digest, algorithm: 'SHA-256' } as const].map(formatChallenge)
    const memory = newAuthMemory()
    const authorizer = new Authorizer(right, { memory })
    t.ok(authorizer.challenged(offered))
    t.match(authorizer.header(play), 'algorithm=SHA-256')
    t.ok(authorizer.challenged(offered))
    t.match(authorizer.header(play), 'algorithm=MD5')
    authorizer.header(play)
    const next = new Authorizer(right, { memory })
    t.ok(next.challenged(offered))
    t.match(next.header(play), 'algorithm=MD5')
  })
  t.test('tries two methods at most before it gives up, and the others the next time', async t => {
    const offered = [digest, { ...digest, algorithm: 'SHA-256' } as const].map(formatChallenge)
    const memory = newAuthMemory()
    const tried = () => {
      const authorizer = new Authorizer(right, { memory }) // a name with an umlaut: four ways
      const names: string[] = []
      while (authorizer.challenged(offered)) {
        const header = authorizer.header(play)!
        names.push(`${/algorithm=([\w-]+)/.exec(header)![1]} ${header.includes('gärtner') ? 'latin1' : 'utf8'}`)
      }
      return names
    }
    const right = { username: 'gärtner', password: 'x' }
    t.same(tried(), ['SHA-256 utf8', 'MD5 utf8'])
    t.same(tried(), ['SHA-256 latin1', 'MD5 latin1'])
    t.same(tried(), ['SHA-256 utf8', 'MD5 utf8'], 'the password may have changed by now')
  })
  t.test('encodes a name beyond Latin-1 as UTF-8 only', async t => {
    const authorizer = new Authorizer({ username: '管理', password: 'x' })
    t.ok(authorizer.challenged([formatChallenge(digest)]))
    authorizer.header(play)
    t.notOk(authorizer.challenged([formatChallenge(digest)]))
  })
  t.test('never uses Basic for a camera that has asked for Digest', async t => {
    const admin = { username: 'admin', password: 'secret' }
    const basic = ['Basic realm="r"']
    const memory = newAuthMemory()
    t.ok(new Authorizer(admin, { memory }).challenged(basic), 'before it has')
    t.notOk(new Authorizer(admin, { memory }).isDowngrade(basic))
    new Authorizer(admin, { memory }).challenged([formatChallenge(digest)])
    const authorizer = new Authorizer(admin, { memory })
    t.ok(authorizer.isDowngrade(basic))
    t.notOk(authorizer.challenged(basic))
    t.equal(authorizer.header(play), undefined)
    t.ok(authorizer.challenged([...basic, formatChallenge(digest)]))
    t.match(authorizer.header(play), /^Digest /)
    t.notOk(authorizer.challenged([...basic, formatChallenge(digest)]), 'nor when it refuses Digest and offers both')
    const unknown = new Authorizer(right)
    t.notOk(unknown.challenged([...basic, 'Digest realm="r", nonce="n", algorithm=SHA-512']), 'nor when its Digest is one that we do not know')
    t.ok(unknown.isDowngrade(basic))
    t.notOk(new Authorizer(undefined, { memory }).isDowngrade(basic), 'there is nothing to lose')
    const allowed = new Authorizer(admin, { memory, allowBasic: true })
    t.notOk(allowed.isDowngrade(basic))
    t.ok(allowed.challenged(basic))
    t.match(allowed.header(play), /^Basic /)
  })
  t.test('gives up eventually with any camera', async () => {
    const challenge = fc.oneof(fc.constantFrom('Basic realm="r"', formatChallenge(digest), formatChallenge({ ...digest, stale: true })), fc.string())
    fc.assert(fc.property(fc.array(challenge, { minLength: 4, maxLength: 10 }), fc.constantFrom<Credentials | undefined>(right, undefined), (challenges, credentials) => {
      const authorizer = new Authorizer(credentials)
      const tries = challenges.findIndex(challenge => {
        authorizer.header(play)
        return !authorizer.challenged([challenge])
      })
      if (tries === -1 || tries > 2) throw new Error(`${tries} tries`)
    }))
  })
})
