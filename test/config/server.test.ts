import t from 'tap'
import { mistakesIn, parse } from './fixtures/read.js'

const file = (server: string) => `server: { ${server} }\ncameras: { 1: rtsp://cam }\n`
const server = (text: string, env: Record<string, string> = {}) => parse(file(text), env).server
const mistakes = (text: string, env: Record<string, string> = {}) => mistakesIn(file(text), env)

t.test('trustProxy holds addresses and ranges', async t => {
  t.same(server('').trustProxy, [])
  t.same(server('trustProxy: [172.18.0.2, 10.0.0.0/8, "fd00::/8", "::1"]').trustProxy, ['172.18.0.2', '10.0.0.0/8', 'fd00::/8', '::1'])
  t.same(mistakes('trustProxy: [nginx]'), ['1:24: server.trustProxy[0]: expected an IP address or a range such as 10.0.0.0/8, received "nginx"; names are not looked up here, because whoever answers for a name could pose as the proxy'])
  for (const [every, version] of [['0.0.0.0/0', 'IPv4'], ['"::/0"', 'IPv4 and IPv6'], ['10.0.0.1/00', 'IPv4'], ['"2000::/3"', 'IPv6'], ['"::ffff:0:0/96"', 'IPv4']] as const) t.match(mistakes(`trustProxy: [${every}]`), [new RegExp(`this is every ${version} address, and anybody could pose as the proxy$`)], every)
  for (const [ranges, version] of [['0.0.0.0/1, 128.0.0.0/1', 'IPv4'], ['"2000::/4", 10.0.0.1, "3000::/4"', 'IPv6']] as const) {
    t.same(mistakes(`trustProxy: [${ranges}]`), [`1:23: server.trustProxy: together these are every ${version} address, and anybody could pose as the proxy; write the address of the proxy alone, such as 172.18.0.2`], ranges)
  }
  t.same(server('trustProxy: [0.0.0.0/1, 192.0.0.0/2]').trustProxy, ['0.0.0.0/1', '192.0.0.0/2'])
  for (const [wrong, hint] of [['10.0.0.0/33', /ends in \/1 to \/32$/], ['"fd00::/129"', /ends in \/1 to \/128$/], ['10.0.0', /received "10\.0\.0"$/], ['"fe80::1%eth0"', /received "fe80::1%eth0"$/], ['"*"', /received "\*"$/], ['1.2.3.4:80', /received/], ['10.0.0.0/8/8', /received/]] as const) t.match(mistakes(`trustProxy: [${wrong}]`), [hint], wrong)
  t.match(mistakes('trustProxy: []'), [/received an empty list$/])
  for (const wrong of ['true', '10.0.0.1', '[]', '{}']) t.match(mistakes(`trustProxy: ${wrong}`), [/trustProxy: expected a list of 1 to 100 like \[172\.18\.0\.2, 10\.0\.0\.0\/8\], received/], wrong)
})

t.test('where others can come, and nothing says who may, a warning says that camgate will not start', async t => {
  const warnings = (text: string) => parse(file(text)).warnings.map(({ message }) => message)
  for (const wider of ['host: 0.0.0.0', 'trustProxy: [127.0.0.1]']) {
    t.match(warnings(wider), [/^server\.(?:host|trustProxy): others can .* camgate starts .*only with auth below server:, or with CAMGATE_AUTH=none$/], wider)
    t.same(warnings(`${wider}, auth: none`), [], wider)
  }
})

t.test('plain HTTP has another port than https', async t => {
  const tls = (port: number) => `tls: { key: k.pem, cert: c.pem, redirectFrom: ${port} }`
  t.same(mistakes(`port: 443, ${tls(443)}`), ['1:68: server.tls.redirectFrom: https is already served on port 443; plain HTTP needs another one, such as 80'])
  t.equal(server(`port: 443, ${tls(80)}`).port, 443)
  t.equal(server(tls(5000)).port, 5000, 'PORT may change it')
})

t.test('hosts are names as browsers spell them', async t => {
  t.same(server('hosts: [cams.example.org, CAMS, "höfe.example", a.example.]').hosts, ['cams.example.org', 'cams', 'xn--hfe-sna.example', 'a.example'])
  for (const [wrong, hint] of [['https://cams.example.org/x', /without scheme, port and path: write cams\.example\.org$/], ['"cams.example.org:443"', /write cams\.example\.org$/], ['"*.example.org"', /write every name by itself, without \*$/], ['"a b"', /received "a b"$/], [`${'x'.repeat(64)}.org`, /received/]] as const) {
    t.match(mistakes(`hosts: [${wrong}]`), [hint], wrong)
    t.match(mistakes(`hosts: [${wrong}]`), [/^1:19: server\.hosts\[0\]: expected a name such as cams\.example\.org, received /])
  }
})

t.test('origins and embed hold origins', async t => {
  for (const key of ['origins', 'embed'] as const) {
    t.same(server('')[key], [])
    t.same(server(`${key}: [https://app.example.org, "http://localhost:8000", "HTTPS://App.Example.org:443", "http://[::1]:80"]`)[key], ['https://app.example.org', 'http://localhost:8000', 'https://app.example.org', 'http://[::1]'])
    const wanted = `server.${key}[0]: expected an origin such as https://app.example.org, received`
    t.same(mistakes(`${key}: ["https://app.example.org/"]`), [`1:${14 + key.length}: ${wanted} "https://app.example.org/"; an origin ends after the host and its port: write https://app.example.org`])
    for (const [wrong, hint] of [
      ['http://localhost:8000/cameras', /write http:\/\/localhost:8000$/], ['https://a.org?x', /write https:\/\/a\.org$/], ['https://a.org#x', /write https:\/\/a\.org$/], ['*', /write every origin by itself, without \*$/],
      ['https://*.a.org', /without \*$/], ['app.example.org', /did you mean https:\/\/app\.example\.org\?$/], ['localhost:8000', /did you mean http:\/\/localhost:8000\?$/], ['ftp://a.org', /an origin is http:\/\/ or https:/], ['null', /an origin is/],
      ['https://u:p@a.org', /an origin is/], ['https://', /an origin is/], ['https://a.org:99999', /an origin is/], ['https:\\\\\\\\a.org', /an origin is/]
    ] as const) t.match(mistakes(`${key}: ["${wrong}"]`), [hint], wrong)
    t.match(mistakes(`${key}: ["https://a.org/\${P}"]`, { P: 'hunter2' }), [/received "https:\/\/a\.org\/\$\{P\}" with a value that is not shown$/])
    t.same(server(`${key}: ["https://\${H}"]`, { H: 'a.org' })[key], ['https://a.org'])
  }
})

t.test('maxViewersPerAddress is a number', async t => {
  t.equal(server('').maxViewersPerAddress, undefined)
  t.equal(server('maxViewersPerAddress: 20').maxViewersPerAddress, 20)
  t.match(mistakes('maxViewersPerAddress: 0'), [/expected a whole number from 1 to 100000, received 0$/])
})

t.test('a host that others can reach needs auth, of which check warns', async t => {
  const warnings = (text: string) => parse(file(text)).warnings.map(({ line, column, message }) => `${line}:${column}: ${message}`)
  for (const host of ['0.0.0.0', '"::"', '192.168.1.20']) t.match(warnings(`host: ${host}`), [/^1:17: server\.host: others can reach this address, so camgate starts here only with auth/], host)
  for (const fine of ['host: 127.0.0.1', 'host: "::1"', 'host: localhost', 'host: cams', 'host: 0.0.0.0, auth: none', 'host: 0.0.0.0, auth: { links: { keys: { k1: correct-horse-battery-staple-0815 } } }', '']) t.same(warnings(fine), [], fine)
})

t.test('everything is frozen', async t => {
  const settings = server('trustProxy: [127.0.0.1], auth: { proxy: { header: a } }')
  t.ok(Object.isFrozen(settings.trustProxy) && Object.isFrozen(settings.origins) && Object.isFrozen(settings.auth))
})
