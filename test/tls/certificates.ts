import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rm } from 'node:fs/promises'
import { generate } from 'selfsigned'
import type { Test } from 'tap'
import { FakeClock } from '../fake-clock.js'

const DAY_MS = 24 * 3_600_000
export const names = { key: 'key.pem', cert: 'cert.pem' }

export interface Made { readonly key: string, readonly cert: string }
interface Wanted { readonly name?: string, readonly from?: number, readonly days?: number, readonly ca?: Made, readonly passphrase?: string }

/** A key and certificate for `name`, signed by `ca` or by itself. `from` is in milliseconds since 1970, by default the start of a fake clock. */
export async function certificate ({ name = 'cams.example.org', from = new FakeClock().wall(), days = 90, ca, passphrase }: Wanted = {}): Promise<Made> {
  const made = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(from),
    notAfterDate: new Date(from + days * DAY_MS),
    extensions: [{ name: 'basicConstraints', cA: name.endsWith('CA') }, { name: 'subjectAltName', altNames: [{ type: 2, value: name.replaceAll(' ', '-') }, { type: 7, ip: '127.0.0.1' }] }],
    ...ca && { ca },
    ...passphrase && { passphrase }
  })
  return { key: `${made.private.trim()}\n`, cert: `${made.cert.trim()}\n` }
}

/** A folder that is gone after the test. */
export function folderOf (t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'camgate-tls-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** Puts both into a folder. */
export function filesIn (folder: string, { key, cert }: Made) {
  const paths = { key: join(folder, names.key), cert: join(folder, names.cert) }
  writeFileSync(paths.key, key)
  writeFileSync(paths.cert, cert)
  return paths
}

/** A log that keeps its lines, with their levels in front. */
export function lines () {
  const all: string[] = []
  const level = (name: string) => (line: string) => { all.push(`${name}: ${line}`) }
  return { all, log: { info: level('info'), warn: level('warn'), error: level('error') } as never }
}
