import t from 'tap'
import { CookieJar } from '../../src/http-client/cookie-jar.js'

t.test('a cookie jar', async t => {
  t.test('returns names and values, the newest of each, and nothing else', async t => {
    const jar = new CookieJar()
    t.equal(jar.header, undefined)
    jar.take(['AIROS=1; Path=/', 'b="two"; HttpOnly', 'AIROS=2;Secure'])
    t.equal(jar.header, 'AIROS=2; b="two"')
    jar.take(['b=; Max-Age=0', 'c='])
    t.equal(jar.header, 'AIROS=2; c=')
  })
  t.test('stores nothing that could break out of its header, and no more than a camera needs', async t => {
    const jar = new CookieJar()
    jar.take(['', 'novalue', '=x', 'a b=c', 'a=b c', 'a=b\r\nX: y', 'a=\xfc', `a=${'x'.repeat(2_000)}`])
    t.equal(jar.header, undefined)
    jar.take(Array.from({ length: 50 }, (_, index) => `c${index}=1`))
    t.equal(jar.header?.split('; ').length, 16)
  })
})
