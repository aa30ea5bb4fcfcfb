import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Verdict } from '../../src/access/link.js'
import { packageRoot } from '../../src/package.js'

export interface SignVector {
  readonly name: string
  readonly address: string
  readonly sub: string
  readonly kid: string
  readonly seconds: number
  readonly base: string
  readonly now: number
  readonly text: string
  readonly url: string
}
export interface VerifyVector { readonly name: string, readonly url: string, readonly now: number, readonly verdict: Verdict['kind'] }

/** docs/signing-vectors.json, which all implementations share. */
export const vectors = JSON.parse(readFileSync(join(packageRoot, 'docs/signing-vectors.json'), 'utf8')) as {
  readonly keys: Readonly<Record<string, string>>
  readonly sign: readonly SignVector[]
  readonly verify: readonly VerifyVector[]
}
