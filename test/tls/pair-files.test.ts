import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { checkPair } from '../../src/tls/pair-files.js'
import { FakeClock } from '../fake-clock.js'
import { certificate, filesIn, folderOf } from './certificates.js'

const DAY_MS = 24 * 3_600_000
const now = new FakeClock().wall()

t.test('checking the files of a certificate', async t => {
  const made = await certificate({ days: 90 })

  t.test('finds nothing in good ones', async t => {
    t.equal(await checkPair(filesIn(folderOf(t), made), now), undefined)
  })
  t.test('names the file that stops a start, and the reason', async t => {
    const folder = folderOf(t)
    const paths = filesIn(folder, made)
    await t.rejects(checkPair({ ...paths, key: join(folder, 'none.pem') }, now), { code: 'TLS', message: /^There is no file .*none\.pem, which server\.tls names\. A relative path starts at the folder of cameras\.yaml/ })
    await t.rejects(checkPair({ ...paths, cert: folder }, now), { code: 'TLS', message: `${folder}, which server.tls names, is a folder, not a file.` })
    await t.rejects(checkPair({ ...paths, key: join(paths.key, 'below') }, now), { code: 'TLS', message: /^There is no file / })
    writeFileSync(paths.key, (await certificate()).key)
    await t.rejects(checkPair(paths, now), { code: 'TLS', message: /^The key in .*key\.pem does not belong to the certificate in .*cert\.pem/ })
    writeFileSync(paths.key, 'hunter2')
    await t.rejects(checkPair(paths, now), { code: 'TLS', message: /^There is no private key in .*key\.pem/ })
    if (process.getuid?.() !== 0) {
      chmodSync(paths.key, 0)
      await t.rejects(checkPair(paths, now), { code: 'TLS', message: /camgate may not read/ })
    }
  })
  t.test('warns of a certificate that browsers refuse, or soon will', async t => {
    const paths = filesIn(folderOf(t), made)
    t.match(await checkPair(paths, now + 91 * DAY_MS), /^The certificate .*cert\.pem has expired on 2026-04-01: browsers refuse it\. Renew it\.$/)
    t.match(await checkPair(paths, now + 80 * DAY_MS), /expires in 10 days/)
    t.match(await checkPair(paths, now - DAY_MS), /is valid from /)
  })
})
