import t from 'tap'
import { verifyLink } from '../../src/access/link.js'
import { parseOptions } from '../../src/cli/options.js'
import { options, readSignOptions, signFor, usage } from '../../src/commands/sign.js'

const parseSignOptions = (args: string[]) => readSignOptions(parseOptions(args, options, usage))
const NOW_MS = 1_795_770_000_900
const one = new Map([['k1', 'the first key']])
const two = new Map([...one, ['k2', 'the second key']])
const sign = (args: string, keys: ReadonlyMap<string, string> = one) => signFor(parseSignOptions(args.split(' ')), keys, NOW_MS).link
const verdictOf = (link: string, keys = one) => {
  const { pathname, searchParams } = new URL(link, 'http://camgate')
  return verifyLink(pathname, [...searchParams], keys, NOW_MS)
}

t.test('camgate sign', async t => {
  t.test('prints a link that camgate accepts', async t => {
    const link = sign('/camera/1?fps=5 --for 2h --as anna')
    t.match(link, /^\/camera\/1\?exp=1795777200&fps=5&iat=1795770000&kid=k1&sub=anna&sig=[\w-]{43}$/)
    t.match(verdictOf(link), { kind: 'good', link: { sub: 'anna' } })
  })
  t.test('reads durations', async t => {
    for (const [duration, seconds] of [['1s', 1], ['90s', 90], ['10m', 600], ['2h', 7_200], ['1d', 86_400], ['366d', 31_622_400]] as const) {
      t.match(verdictOf(sign(`/camera/1 --as anna --for ${duration}`)), { kind: 'good', link: { exp: 1_795_770_000 + seconds } }, duration)
    }
    t.match(verdictOf(sign('/camera/1 --as anna')), { link: { exp: 1_795_770_600 } }, 'ten minutes unless given')
    for (const wrong of ['10', 'm', '0m', '1.5h', '-1m', '10 m', '1w', '367d', '999999999d', '1e3s']) {
      t.throws(() => parseSignOptions(['/camera/1', '--as', 'anna', `--for=${wrong}`]), { code: 'USAGE', message: `--for is a time such as 90s, 10m, 2h or 1d, and at most 366d, not "${wrong}".` }, wrong)
    }
  })
  t.test('takes the only key, or the one that is chosen', async t => {
    t.match(verdictOf(sign('/camera/1 --as anna --kid k2', two), two), { kind: 'good', link: { kid: 'k2' } })
    t.throws(() => sign('/camera/1 --as anna', two), { code: 'USAGE', message: /^There are several keys: k1, k2\. Choose one with --kid\./ })
    t.throws(() => sign('/camera/1 --as anna --kid k3', two), { code: 'USAGE', message: /^There is no key "k3"\. The keys are: k1, k2\./ })
  })
  t.test('puts a base in front', async t => {
    for (const base of ['https://cams.example.org', 'https://example.org/cams/']) t.ok(sign(`/camera/1 --as anna --base ${base}`).startsWith(`${base.replace(/\/$/, '')}/camera/1?exp=`), base)
    for (const base of ['cams.example.org', 'ftp://cams.example.org', 'https://', 'https://a/?b']) t.throws(() => sign(`/camera/1 --as anna --base ${base}`), { code: 'USAGE', message: /^--base is what browsers need/ }, base)
  })
  t.test('says what is missing', async t => {
    t.throws(() => sign('--as anna'), { code: 'USAGE', message: /^sign takes one address, such as \/camera\/1\./ })
    t.throws(() => sign('/camera/1 /camera/2 --as anna'), { code: 'USAGE', message: /^sign takes one address/ })
    t.throws(() => sign('http://localhost:5000/camera/1 --as anna'), { code: 'USAGE', message: /--base/ })
    for (const args of ['/camera/1', '/camera/1 --as=']) t.throws(() => sign(args), { code: 'USAGE', message: /^For whom is the link\? Say it with --as USER\./ })
    for (const address of ['/status', '/status/1', '/stop/1', '/', '/camera', '/camera/1/x', '/cam/camera/1']) t.throws(() => sign(`${address} --as anna`), { code: 'USAGE', message: /^A link opens pictures only: / }, address)
    for (const address of ['/video_feed', '/camera/1/snapshot?rendition=auto', '/camera/1?/x', '//camera//1/', '/camera/a%2Fb', '/wall?cameras=1,2']) t.ok(sign(`${address} --as anna`), address)
    for (const address of ['/wall', '/wall?cameras=', '/wall?camera=1']) t.throws(() => sign(`${address} --as anna`), { code: 'USAGE', message: /lists its cameras/ }, address)
    t.throws(() => sign('/camera/1 --as anna --fro 5m'), { code: 'USAGE', message: /did you mean --for\?/ })
  })
})
