import t from 'tap'
import { mayChangeState, mayEmbed, originOf, type RequestHeaders } from '../../src/sites/origins.js'

const OWN = 'http://192.168.1.5:5000'
const LISTED = 'https://app.example.org'
const EVIL = 'https://evil.example'
const BROWSER = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'accept-language': 'en-US,en;q=0.5' }
const change = (headers: RequestHeaders, own: string | undefined = OWN) => mayChangeState(headers, own, [LISTED])
const embed = (headers: RequestHeaders, own: string | undefined = OWN) => mayEmbed({ accept: 'image/*', ...headers }, own, [LISTED])

t.test('a change', async t => {
  t.test('may come from the own page and the pages of listed origins', async t => {
    t.equal(change({ ...BROWSER, origin: OWN, referer: `${OWN}/` }), 'allowed', 'over http on a LAN, where browsers send no Sec-Fetch-Site')
    t.equal(change({ ...BROWSER, 'sec-fetch-site': 'same-origin', origin: 'https://cams.example.org' }), 'allowed', 'through a proxy that hides the own name')
    t.equal(change({ ...BROWSER, 'sec-fetch-site': 'same-origin', origin: 'null' }), 'allowed', 'by a form of a page with no-referrer')
    t.equal(change({ ...BROWSER, 'sec-fetch-site': 'cross-site', origin: LISTED }), 'allowed')
    t.equal(change({ ...BROWSER, origin: LISTED }), 'allowed')
    t.equal(change({ ...BROWSER, referer: `${OWN}/proxied/page` }), 'allowed', 'by a link')
  })
  t.test('may come from a page whose name ends with the root\'s dot, which browsers keep in Origin', async t => {
    const own = originOf('http://cams.lan.:5000')
    t.equal(own, 'http://cams.lan:5000')
    t.equal(change({ ...BROWSER, origin: 'http://cams.lan.:5000' }, own), 'allowed')
    t.equal(change({ ...BROWSER, referer: 'http://cams.lan.:5000/' }, own), 'allowed')
    t.equal(change({ ...BROWSER, origin: 'https://app.example.org.' }, own), 'allowed')
    t.equal(change({ ...BROWSER, origin: 'https://app.example.org..' }, own), 'cross-site')
    t.equal(embed({ origin: 'https://app.example.org.' }, own), 'cross-origin')
  })
  t.test('may come from the address bar', async t => {
    t.equal(change({ ...BROWSER, 'sec-fetch-site': 'none' }), 'allowed')
  })
  t.test('may come from a program', async t => {
    for (const headers of [
      {}, { 'user-agent': 'curl/8.14.1', accept: '*/*' }, { 'user-agent': 'python-requests/2.32.3' }, { 'user-agent': '' },
      { 'user-agent': 'node', 'accept-language': '*', 'sec-fetch-mode': 'cors' },
      { 'user-agent': 'Mozilla/5.0 (Windows NT; Windows NT 10.0; de-DE) WindowsPowerShell/5.1.22621.4391' }
    ]) t.equal(change(headers), 'allowed', JSON.stringify(headers))
  })
  t.test('may come with a bearer token, which no page can attach without a preflight', async t => {
    t.equal(change({ ...BROWSER, 'sec-fetch-site': 'cross-site', origin: EVIL, authorization: 'Bearer e30.e30.' }), 'allowed')
    t.equal(change({ ...BROWSER, 'sec-fetch-site': 'cross-site', origin: EVIL, authorization: 'Basic YTpi' }), 'cross-site', 'unlike a password, which browsers attach by themselves')
  })
  t.test('may not come from any other page: CSRF', async t => {
    for (const headers of [
      { 'sec-fetch-site': 'cross-site', origin: EVIL }, { 'sec-fetch-site': 'same-site', origin: 'http://192.168.1.5:8000' }, { origin: EVIL }, { origin: 'null' }, { origin: '' },
      { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { 'sec-fetch-site': 'what comes next' }, { 'sec-fetch-site': 'same-origin, cross-site' },
      { referer: `${EVIL}/page` }, { referer: LISTED, 'sec-fetch-site': 'cross-site' }, { referer: LISTED }, { referer: 'about:blank' }, { referer: '' },
      { origin: `${LISTED}.evil.example` }, { origin: `${LISTED}:8443` }, { origin: 'http://app.example.org' }, { origin: `${LISTED}, ${OWN}` }, { origin: '*' },
      { origin: 'http://192.168.1.5' }, { referer: `${EVIL}/?${OWN}/` }, { 'sec-fetch-site': 'cross-site', referer: `${OWN}/` }
    ] as RequestHeaders[]) t.equal(change({ ...BROWSER, ...headers }), 'cross-site', JSON.stringify(headers))
  })
  t.test('may not come from a browser that does not say where it comes from', async t => {
    t.equal(change(BROWSER), 'cross-site')
    t.equal(change({ 'user-agent': BROWSER['user-agent'] }), 'cross-site')
    t.equal(change({ 'user-agent': BROWSER['user-agent'], 'accept-language': '*' }), 'cross-site', 'pages may choose Accept-Language')
    t.equal(change({ 'user-agent': 'Lynx/2.9.0', 'accept-language': 'en' }), 'cross-site')
    t.equal(change({ 'accept-language': '' }), 'cross-site')
  })
  t.test('may not come before anybody opens the address', async t => {
    for (const [name, value] of [['sec-purpose', 'prefetch;prerender'], ['purpose', 'prefetch'], ['x-purpose', 'preview'], ['x-moz', 'prefetch']] as const) {
      t.equal(change({ ...BROWSER, 'sec-fetch-site': 'none', [name]: value }), 'prefetch', name)
    }
  })
  t.test('may come from no page if the own origin is not known', async t => {
    for (const headers of [{ origin: 'null' }, { referer: 'data:text/html,x' }, { origin: OWN }]) t.equal(mayChangeState({ ...BROWSER, ...headers }, undefined, []), 'cross-site', JSON.stringify(headers))
  })
})

t.test('a picture for the pages of some origins', async t => {
  t.test('is shown by these, as far as they say so', async t => {
    t.equal(embed({ ...BROWSER, 'sec-fetch-site': 'cross-site', referer: `${LISTED}/` }), 'cross-origin')
    t.equal(embed({ ...BROWSER, referer: `${LISTED}/cams?x` }), 'cross-origin', 'over http')
    t.equal(embed({ ...BROWSER, 'sec-fetch-site': 'cross-site', origin: LISTED }), 'cross-origin', '<img crossorigin>')
  })
  t.test('is shown by the own page, by itself, and by programs', async t => {
    for (const headers of [
      { ...BROWSER, 'sec-fetch-site': 'same-origin' }, { ...BROWSER, referer: `${OWN}/` }, { ...BROWSER, 'sec-fetch-site': 'none' }, {}, { 'user-agent': 'curl/8', accept: '*/*' },
      { ...BROWSER, 'sec-fetch-site': 'cross-site', referer: `${EVIL}/`, accept: 'text/html,*/*;q=0.8' }
    ]) t.equal(embed(headers), 'same-origin', JSON.stringify(headers))
  })
  t.test('is refused to others that say who they are, or that they are others', async t => {
    for (const headers of [
      { referer: `${EVIL}/` }, { origin: EVIL }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { 'sec-fetch-site': 'cross-site', referer: `${EVIL}/?${LISTED}` },
      { referer: `${LISTED}.evil.example/` }
    ]) t.equal(embed({ ...BROWSER, ...headers }), 'refused', JSON.stringify(headers))
  })
  t.test('is kept by the browser from a page that says nothing', async t => {
    t.equal(embed(BROWSER), 'same-origin')
    t.equal(mayEmbed({ ...BROWSER, accept: 'image/*' }, undefined, []), 'same-origin')
    t.equal(mayEmbed({ ...BROWSER, accept: 'image/*', 'sec-fetch-site': 'cross-site' }, undefined, []), 'refused')
  })
})

t.test('the origin of a URL', async t => {
  t.equal(originOf('http://Example.org:80/x'), 'http://example.org')
  t.equal(originOf('https://[::1]:5000'), 'https://[::1]:5000')
  for (const none of ['', 'null', 'data:,x', 'about:blank', 'javascript:x', undefined, ['http://a', 'http://b']]) t.equal(originOf(none), undefined, String(none))
})
