import { createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import type { JwtSettings } from '../../src/access/settings.js'
import { TokenVerifier, type TokenVerifierParts } from '../../src/tokens/token-verifier.js'
import { FakeClock } from '../fake-clock.js'

/** In seconds, when a FakeClock begins. */
export const NOW_S = Date.UTC(2026, 0, 1) / 1_000
export const SECRET = 'a secret of at least 32 bytes, ok'
export const standard = { claims: { name: 'sub', right: 'right', cameras: 'cameras' } }

export const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 })
export const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
export const ed = generateKeyPairSync('ed25519')
export const pemOf = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }) as string
export const claims = { sub: 'anna', exp: NOW_S + 60, cameras: ['gate'] }

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Made by Node's crypto alone, so that no fault of jose's is on both sides. */
export function makeToken (payload: object, header: object, signature: (input: string) => Buffer): string {
  const input = `${encode({ typ: 'JWT', ...header })}.${encode(payload)}`
  return `${input}.${signature(input).toString('base64url')}`
}
export const hs256 = (payload: object, secret: string | Buffer = SECRET, header: object = { alg: 'HS256' }): string =>
  makeToken(payload, header, input => createHmac('sha256', secret).update(input).digest())
export const rs256 = (payload: object, header: object = {}, key = rsa.privateKey): string =>
  makeToken(payload, { alg: 'RS256', ...header }, input => sign('sha256', Buffer.from(input), key))
export const es256 = (payload: object, header: object = {}, key = ec.privateKey): string =>
  makeToken(payload, { alg: 'ES256', ...header }, input => sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }))
export const eddsa = (payload: object, header: object = {}, key = ed.privateKey): string =>
  makeToken(payload, { alg: 'EdDSA', ...header }, input => sign(null, Buffer.from(input), key))

export function verifier (settings: Partial<JwtSettings> = {}, { clock = new FakeClock(), users = new Map(), ...more }: Partial<TokenVerifierParts> = {}): TokenVerifier {
  return new TokenVerifier({ settings: { key: { secret: SECRET }, ...standard, ...settings }, users, clock, warn () {}, ...more })
}
