import t from 'tap'
import { KnownHosts } from '../../src/sites/hosts.js'

const known = new KnownHosts(['Yard-PC.example.com', 'cams.example.org', 'bücher.example'])
const kinds = (hosts: readonly string[]) => hosts.map(host => `${host}: ${known.verdict(host).kind}`)
const all = (kind: string, hosts: readonly string[]) => hosts.map(host => `${host}: ${kind}`)

t.test('a Host header', async t => {
  t.test('is known if it is an address, which DNS rebinding cannot use', async t => {
    const addresses = ['127.0.0.1', '192.168.1.5:5000', '8.8.8.8:', '127.1', '0x7f.1', '2130706433', '[::1]', '[::1]:5000', '[FE80::1]', '[fe80::1%eth0]:80', '[::ffff:10.0.0.1]']
    t.same(kinds(addresses), all('known', addresses))
  })
  t.test('is known if nobody can register the name', async t => {
    const names = ['localhost', 'LOCALHOST:5000', 'localhost.', 'app.localhost', 'camgate', 'camgate:5000', 'my_project-camgate-1', 'raspberrypi.local', 'pi.lan.', 'cam.corp.internal', 'pi.home.arpa']
    t.same(kinds(names), all('known', names))
  })
  t.test('is known if it is the machine\'s or a configured one, however it is written', async t => {
    const names = ['yard-pc.example.com', 'CAMS.example.org.:443', 'xn--bcher-kva.example', 'bücher.example']
    t.same(kinds(names), all('known', names))
  })
  t.test('is known if it is empty, as no browser sends it', async t => {
    t.same(known.verdict(''), { kind: 'known', host: undefined })
  })
  t.test('is unknown if anybody may have registered the name: DNS rebinding', async t => {
    for (const [host, name] of [
      ['evil.example', 'evil.example'], ['EVIL.example.:5000', 'evil.example'], ['127.0.0.1.evil.example', '127.0.0.1.evil.example'], ['localhost.evil.example', 'localhost.evil.example'],
      ['evillocal.example', 'evillocal.example'], ['pi.lan.evil.example', 'pi.lan.evil.example'], ['nolan.example', 'nolan.example'], ['xlocalhost.com', 'xlocalhost.com'], ['evil.home-arpa.com', 'evil.home-arpa.com'], ['evil.arpa', 'evil.arpa'],
      ['example.org', 'example.org'], ['a.cams.example.org', 'a.cams.example.org'], ['cams.example.org.evil.com', 'cams.example.org.evil.com'],
      ['bücher.com', 'xn--bcher-kva.com'], ['under_score.example', 'under_score.example']
    ] as const) t.same(known.verdict(host), { kind: 'unknown', name }, host)
  })
  t.test('is invalid if it is no host name, and then no message repeats it', async t => {
    const texts = ['localhost@evil.example', 'user:pass@localhost', 'localhost/evil.example', 'localhost#', 'localhost?x', 'localhost\\x', 'localhost:x', 'localhost:80:80', 'a b', ' ', ':', ':80', '[', ']', '[::1', '::1',
      '[::1]x', '[evil.example]', '[1.2.3.4]', '%6cocalhost.example', 'a.%00', '999.999.999.999', '<script>.example', '"x\'.example', 'evil.example,localhost', '{{7*7}}.example', `${'a'.repeat(60)}.`.repeat(5) + 'example', 'a..b', '*.example.com', 'a,b', 'localhost,evil.example', 'localhost\x01', 'localhost:65536', 'x'.repeat(64)]
    t.same(kinds(texts), all('invalid', texts))
  })
})
