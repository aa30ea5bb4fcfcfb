import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { StateFolder } from '../../src/state-folder.js'
import { fingerprintOf, type KeyPair } from '../../src/tls/key-pair.js'
import { SelfSigned } from '../../src/tls/self-signed.js'
import { FakeClock } from '../fake-clock.js'
import { until } from '../e2e/until.js'
import { folderOf, lines } from './certificates.js'

const DAY_MS = 24 * 3_600_000

async function setUp (t: Test) {
  const path = folderOf(t)
  const folder = await StateFolder.open(path)
  const { all, log } = lines()
  const clock = new FakeClock()
  const open = async () => await SelfSigned.open(folder, clock, log)
  return { file: join(path, 'self-signed.pem'), clock, all, open }
}

t.test('a self-signed certificate', async t => {
  t.test('is for this machine, and its key for nobody else', async t => {
    const { file, all, open } = await setUp(t)
    const { pair } = await open()
    t.equal(pair.certificate.checkHost('localhost'), 'localhost')
    if (/^[a-z0-9.-]+$/.test(hostname())) t.ok(pair.certificate.checkHost(hostname()))
    t.ok(pair.certificate.checkIP('127.0.0.1'))
    t.ok(pair.certificate.checkIP('::1'))
    t.notOk(pair.certificate.ca, 'whoever trusts it trusts only this server')
    t.equal(pair.certificate.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1')
    t.equal(statSync(file).mode & 0o777, 0o600)
    t.same(all, [`info: https uses a self-signed certificate, which browsers warn about. Its SHA-256 fingerprint is ${fingerprintOf(pair)}`])
  })
  t.test('stays the same when camgate starts again', async t => {
    const { clock, open } = await setUp(t)
    const first = (await open()).pair
    clock.advance(300 * DAY_MS)
    t.equal((await open()).pair.cert, first.cert)
    t.not((await (await setUp(t)).open()).pair.cert, first.cert, 'in another folder it is another')
  })
  t.test('is made anew if its file is damaged or is near its end', async t => {
    const { file, clock, open } = await setUp(t)
    const first = (await open()).pair
    writeFileSync(file, readFileSync(file, 'utf8').slice(0, -60))
    const second = (await open()).pair
    t.not(second.cert, first.cert)
    clock.advance(370 * DAY_MS)
    t.not((await open()).pair.cert, second.cert)
  })
  t.test('is renewed while it is in use', async t => {
    const { clock, all, open } = await setUp(t)
    const certificate = await open()
    const used: KeyPair[] = []
    certificate.follow(pair => { used.push(pair) })
    clock.advance(366 * DAY_MS)
    t.same(used, [])
    clock.advance(DAY_MS)
    await until('it is renewed', () => all.length === 2)
    t.equal(used.length, 1)
    t.ok(Date.parse(used.at(-1)!.certificate.validTo) > clock.wall() + 390 * DAY_MS)
    t.match(all.at(-1), fingerprintOf(used.at(-1)!))
    certificate.close()
    t.equal(clock.pending, 0)
  })
})
