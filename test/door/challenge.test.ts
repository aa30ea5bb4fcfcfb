import t from 'tap'
import { basicChallenge, bearerChallenge } from '../../src/door/challenge.js'

const CHROMIUM = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36'
const PAGE = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'

const challengeFor = (headers: Record<string, string>) => basicChallenge({ headers })

t.test('a login is asked for by programs and by people who open an address', async t => {
  for (const headers of [
    {}, { 'user-agent': 'curl/7.88.1', accept: '*/*' }, { 'user-agent': 'Lavf/59.27.100' },
    { 'user-agent': CHROMIUM, accept: PAGE },
    { 'user-agent': CHROMIUM, accept: PAGE, 'sec-fetch-dest': 'document' }
  ]) t.equal(challengeFor(headers as Record<string, string>), 'Basic realm="camgate", charset="UTF-8"', JSON.stringify(headers))
})

t.test('no browser asks for it in the middle of a page', async t => {
  for (const headers of [
    { 'user-agent': CHROMIUM, accept: 'image/avif,image/webp,*/*;q=0.8', 'sec-fetch-dest': 'image' },
    { 'user-agent': CHROMIUM, accept: PAGE, 'sec-fetch-dest': 'iframe' },
    { 'user-agent': CHROMIUM, accept: '*/*', 'sec-fetch-dest': 'empty' },
    { 'user-agent': CHROMIUM, accept: 'image/avif,image/webp,*/*;q=0.8' },
    { 'user-agent': CHROMIUM, accept: '*/*' },
    { 'sec-fetch-dest': 'empty' }
  ]) t.equal(challengeFor(headers as Record<string, string>), undefined, JSON.stringify(headers))
})

t.test('a token that was sent is called invalid', async t => {
  t.equal(bearerChallenge({ headers: {} }), 'Bearer realm="camgate"')
  t.equal(bearerChallenge({ headers: { authorization: 'Basic YTpi' } }), 'Bearer realm="camgate"')
  t.equal(bearerChallenge({ headers: { authorization: 'bearer x' } }), 'Bearer realm="camgate", error="invalid_token"')
})
