import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { CertificateFiles } from '../../src/tls/certificate-files.js'
import type { KeyPair } from '../../src/tls/key-pair.js'
import { FakeClock } from '../fake-clock.js'
import { until } from '../e2e/until.js'
import { certificate, filesIn, folderOf, lines, type Made } from './certificates.js'

const POLL_MS = 5_000

async function follow (t: Test, first: Made) {
  const folder = folderOf(t)
  const paths = filesIn(folder, first)
  const clock = new FakeClock()
  const { all, log } = lines()
  const watched = new Map<string, () => void>()
  let unwatched = 0
  const files = await CertificateFiles.open(paths, clock, log, (folder, changed) => {
    watched.set(folder, changed)
    return () => { unwatched++ }
  })
  const used: KeyPair[] = []
  files.follow(pair => { used.push(pair) })
  t.teardown(() => files.close())
  await until('the folder is watched', () => watched.size > 0 && clock.pending === 1)
  /** Moves time on to the next look, and waits until it is over. */
  const look = async (ms = POLL_MS) => {
    clock.advance(ms)
    await until('the files were read', () => clock.pending === 1)
  }
  return { folder, paths, clock, files, used, all, watched, look, unwatched: () => unwatched }
}

t.test('the files of a certificate', async t => {
  const [first, second] = [await certificate(), await certificate({ days: 60 })]

  t.test('are read again after a change in their folder, and every few seconds', async t => {
    const { folder, paths, files, used, watched, look, all } = await follow(t, first)
    await look()
    t.same(used, [], 'nothing has changed')
    filesIn(folder, second)
    watched.get(folder)!()
    await look(200)
    t.equal(used.length, 1)
    t.equal(used[0]!.cert, second.cert)
    t.equal(files.pair, used[0])
    filesIn(folder, first)
    await look()
    t.equal(used[1]!.cert, first.cert, 'also if the watch saw nothing')
    await look()
    t.equal(used.length, 2)
    t.match(all, [`info: https uses the new certificate in ${paths.cert}, SHA-256 `, /info/])
  })

  t.test('are read soon in a folder that never rests', async t => {
    const { folder, clock, used, watched } = await follow(t, first)
    filesIn(folder, second)
    for (let i = 0; i < 120; i++) {
      watched.get(folder)!()
      clock.advance(10)
    }
    await until('they are used', () => used.length === 1)
  })

  t.test('are used once both have come', async t => {
    const { paths, used, look, all } = await follow(t, first)
    writeFileSync(paths.key, second.key)
    await look(POLL_MS)
    t.same(used, [])
    t.same(all, [], 'no reason to worry yet')
    writeFileSync(paths.cert, second.cert)
    await look()
    t.equal(used[0]!.cert, second.cert)
    t.match(all, [/^info/])
  })

  t.test('that cannot be used leave the old ones in use, and one line in the log', async t => {
    const { paths, files, used, look, all } = await follow(t, first)
    rmSync(paths.cert)
    for (let i = 0; i < 5; i++) await look()
    t.same(all, [`error: The new certificate is not used, the old one still is. There is no file ${paths.cert}, which server.tls names. A relative path starts at the folder of cameras.yaml; in Docker, mount the folder that contains it.`])
    writeFileSync(paths.cert, 'half')
    for (let i = 0; i < 5; i++) await look()
    t.equal(all.length, 2, 'another problem is another line')
    t.equal(files.pair.cert, first.cert)
    writeFileSync(paths.cert, first.cert)
    for (let i = 0; i < 2; i++) await look()
    writeFileSync(paths.cert, 'half')
    for (let i = 0; i < 2; i++) await look()
    t.equal(all.length, 3, 'so is the same one once it was gone')
    t.same(used, [])
  })

  t.test('warn of the end of the certificate, once at each stage', async t => {
    const { folder, look, all } = await follow(t, await certificate({ days: 31 }))
    const DAY_MS = 24 * 3_600_000
    t.same(all, [])
    const stages = async () => { for (let day = 0; day < 33; day++) await look(DAY_MS) }
    await stages()
    t.match(all, [/^warn: .* expires in 30 days/, /^warn: .* expires in 7 days/, /^warn: .* has expired on 2026-02-01/])
    all.length = 0
    filesIn(folder, await certificate({ from: new FakeClock().wall() + 33 * DAY_MS, days: 20 }))
    await look()
    filesIn(folder, await certificate({ from: new FakeClock().wall() + 33 * DAY_MS, days: 25 }))
    await look()
    t.match(all, [/^info: /, /^warn: .* expires in 20 days/, /^info: /, /^warn: .* expires in 25 days/], 'each new one begins anew')
  })

  t.test('warn at the start, too', async t => {
    const { all } = await follow(t, await certificate({ days: 3 }))
    t.match(all, [/^warn: .* expires in 3 days/])
  })

  t.test('are left alone once closed', async t => {
    const { folder, clock, files, used, watched, unwatched } = await follow(t, first)
    filesIn(folder, second)
    clock.advance(POLL_MS) // reads
    files.close()
    watched.get(folder)!()
    t.equal(clock.pending, 0)
    t.equal(unwatched(), 1, 'one folder, one watch')
    await CertificateFiles.open(filesIn(folder, second), clock, lines().log) // takes longer than the read
    t.same(used, [])
  })

  t.test('are watched for real, and may be replaced by links to others', async t => {
    const folder = folderOf(t)
    const paths = filesIn(folder, first)
    const clock = new FakeClock()
    const files = await CertificateFiles.open(paths, clock, lines().log)
    t.teardown(() => files.close())
    const used: KeyPair[] = []
    files.follow(pair => { used.push(pair) })
    const fresh = join(folder, 'fresh')
    mkdirSync(fresh)
    const next = filesIn(fresh, second)
    renameSync(next.key, paths.key)
    renameSync(next.cert, paths.cert)
    const before = clock.now()
    await until('the change is seen', () => {
      clock.advance(20)
      return used.length > 0
    })
    t.ok(clock.now() - before < POLL_MS, 'without waiting for the next look')
  })

  t.test('are named if they cannot be read at the start', async t => {
    const folder = folderOf(t)
    const paths = filesIn(folder, first)
    const open = (changed: Partial<typeof paths>) => CertificateFiles.open({ ...paths, ...changed }, new FakeClock(), lines().log)
    await t.rejects(open({ key: join(folder, 'none.pem') }), { code: 'TLS', message: /^There is no file .*none\.pem/ })
    await t.rejects(open({ cert: folder }), { code: 'TLS', message: /is a folder, not a file/ })
    if (process.getuid?.() !== 0) {
      chmodSync(paths.key, 0)
      await t.rejects(open({}), { code: 'TLS', message: /camgate may not read/ })
    }
  })
})
