/* eslint-disable no-template-curly-in-string -- users write ${…} in the file */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { signLink } from '../../src/access/link.js'
import { hs256 } from '../tokens/tokens.js'
import { secret } from './credentials.js'
// @ts-ignore: plain JavaScript, because tap's reporter imports it
import { searchSaid } from './leaks.mjs'
import { startService } from './service.js'
import { until } from './until.js'

const SHORT_S = 20
/** A stream is asked every five seconds whether its viewer may still watch. */
const MAX_OVERTIME_S = 10
const key = secret('a key of at least 32 bytes')
const inSeconds = (seconds: number) => Math.floor(Date.now() / 1_000) + seconds
const link = (camera: string, exp: number) => signLink(`/camera/${camera}`, { kid: 'k1', sub: 'outer', iat: inSeconds(-3_600), exp }, key).slice(1)
/** `jti` is there for the search. */
const token = (claims: object) => hs256({ sub: 'outer', exp: inSeconds(600), iat: inSeconds(0), cameras: ['gate'], jti: secret('t'), ...claims }, key)

t.test('camgate behind camgate', async t => {
  const simulated = { source: { type: 'simulated', codec: 'mjpeg' } }
  const inner = await startService(t, {
    config: join(t.testdir({ inner: { 'cameras.yaml': JSON.stringify({ server: { auth: { jwt: { secret: '${KEY}' }, links: { keys: { k1: '${KEY}' } } } }, cameras: { gate: simulated, yard: simulated } }) } }), 'inner/cameras.yaml'),
    env: { KEY: key }
  })
  const end = inSeconds(SHORT_S)
  const tokens = { good: token({}), short: token({ exp: end }), old: token({ exp: inSeconds(-600) }), foreign: token({ cameras: ['yard'] }), forged: hs256({ sub: 'outer', exp: inSeconds(600), cameras: 'all', jti: secret('t') }, `${key}!`) }
  const links = { link: link('gate', inSeconds(600)), oldLink: link('gate', inSeconds(-600)) }
  const source = (name: string) => ({ type: 'http', url: `${inner.url}camera/gate`, token: `\${file:${name}}` })
  const cameras = {
    ...Object.fromEntries(Object.keys(tokens).map(name => [name, { source: source(name) }])),
    ...Object.fromEntries(Object.keys(links).map(name => [name, { source: `${inner.url}\${file:${name}}` }])),
    none: { source: `${inner.url}camera/gate` }
  }
  const folder = join(t.testdirName, 'outer')
  mkdirSync(folder)
  for (const [name, text] of Object.entries({ 'cameras.yaml': JSON.stringify({ cameras }), ...tokens, ...links })) writeFileSync(join(folder, name), text)
  const outer = await startService(t, { config: join(folder, 'cameras.yaml') })

  t.test('shows what its token may see, and says why there is nothing else', async t => {
    const { cameras } = await outer.until(({ cameras }) => cameras.good!.framesTotal > 5 && cameras.short!.framesTotal > 5 && cameras.link!.framesTotal > 5 && ['old', 'oldLink', 'foreign', 'forged', 'none'].every(id => cameras[id]!.failure), 'each camera has a picture or a failure')
    for (const id of ['old', 'forged']) t.match(cameras[id], { failure: { code: 'auth', message: /^The other camgate refuses this token/ } }, id)
    t.match(cameras.foreign, { failure: { code: 'not-found', message: /whether the token is for this camera/ } })
    t.match(cameras.none, { failure: { code: 'unsupported', message: /^What answers asks for a token/ } })
    t.match(cameras.oldLink, { failure: { code: 'auth', message: /^The other camgate refuses this signed address/ } })
    t.equal(cameras.good!.address, `${inner.url}camera/gate`)
    t.equal(cameras.link!.address, `${inner.url}…`, 'all of it came from the file')
  })
  t.test('loses a stream soon after its token has ended', async t => {
    await outer.until(({ cameras }) => cameras.short!.failure !== null, 'the stream has ended', (SHORT_S + 30) * 1_000)
    t.ok(inSeconds(0) >= end && inSeconds(0) - end <= MAX_OVERTIME_S, `${inSeconds(0) - end} s after its end`)
    await outer.until(({ cameras }) => cameras.short!.failure?.code === 'auth', 'the token is refused', 90_000)
    t.ok(outer.log.some(({ msg }) => /has ended the stream, because what camgate shows it has expired/.test(msg)), 'the last picture said why')
  })
  t.test('is named to the administrators of the other one', async t => {
    const ask = async (right: string) => await (await fetch(`${inner.url}status/gate`, { headers: { Authorization: `Bearer ${token({ sub: 'somebody', right })}` } })).text()
    await until('the viewer is named', async () => /"outer"/.test(await ask('admin')))
    t.notMatch(await ask('control'), '"outer"')
  })
  t.test('shows no token and no signature anywhere', async t => {
    await Promise.all([inner.end(), outer.end()])
    for (const { recording } of [inner, outer]) {
      const said = ['stdout', 'answers', 'processes'].map(what => readFileSync(`${recording.path}.${what}`, 'latin1')).join('')
      t.ok(said.length > 1_000)
      for (const part of [...Object.values(tokens).flatMap(each => each.split('.').slice(1)), ...Object.values(links).map(each => each.split('sig=')[1]!)]) t.notMatch(said, part)
    }
    t.same(searchSaid().leaks, [])
  })
})
