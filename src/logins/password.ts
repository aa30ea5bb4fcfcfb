import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

/**
 * scrypt's cost (RFC 7914): N = 2^ln, r blocks, p passes one after the other. It needs 128·N·r bytes, and time that grows with N·r·p. 32 MiB and three
 * passes resist guessing as well as the 128 MiB of N = 2^17 (OWASP's cheat sheet on storing passwords), and fit a small board: about 0.2 s here.
 */
interface Cost { readonly ln: number, readonly r: number, readonly p: number }
const COST: Cost = { ln: 15, r: 8, p: 3 }
/** A hash may come from another program, but must not cost camgate more than this. */
const MAX_MEMORY_BYTES = 128 * 1024 * 1024
const MAX_WORK = 4 * 2 ** 20 // N·r·p: four times that of N = 2^17
const MIN_LN = 10
const SALT_BYTES = 16
const HASH_BYTES = 32

interface ParsedHash extends Cost { readonly salt: Buffer, readonly hash: Buffer }

/** Base64 without padding, as the PHC string format has it. */
const PHC = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/

function parse (text: string): ParsedHash | undefined {
  const [, ln, r, p, salt, hash] = PHC.exec(text) ?? []
  if (salt === undefined || hash === undefined) return undefined
  const cost = { ln: Number(ln), r: Number(r), p: Number(p) }
  const blocks = 2 ** cost.ln * cost.r
  if (cost.ln < MIN_LN || cost.r < 1 || cost.p < 1 || 128 * blocks > MAX_MEMORY_BYTES || blocks * cost.p > MAX_WORK) return undefined
  return { ...cost, salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') }
}

/** Whether it is a scrypt hash that camgate can check: the output of `camgate password`, or of another program within the limits above. */
export const isPasswordHash = (text: string): boolean => parse(text) !== undefined

/** Returns a PHC string: `$scrypt$ln=15,r=8,p=3$salt$hash`. */
export async function hashPassword (password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  return format({ ...COST, salt, hash: await derive(password, { ...COST, salt, hash: Buffer.alloc(HASH_BYTES) }) })
}

/** @throws {TypeError} if `hash` is not a password hash: config/ has checked it */
export async function verifyPassword (password: string, hash: string): Promise<boolean> {
  const parsed = parse(hash)
  if (!parsed) throw new TypeError('not a scrypt hash')
  return timingSafeEqual(await derive(password, parsed), parsed.hash)
}

/** A hash that no password has, and that takes as long to check as `like`: for names that do not exist, which otherwise would be answered sooner. */
export function decoyHash (like = ''): string {
  return format({ ...parse(like) ?? COST, salt: randomBytes(SALT_BYTES), hash: randomBytes(HASH_BYTES) })
}

/** The same password typed on a Mac and on Windows may have other code points: NFC makes them equal. */
function derive (password: string, { ln, r, p, salt, hash }: ParsedHash): Promise<Buffer> {
  const memory = 128 * 2 ** ln * r + 128 * r * p
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, hash.length, { N: 2 ** ln, r, p, maxmem: memory + 1024 * 1024 }, (error, key) => {
      if (error) reject(error)
      else resolve(key)
    })
  })
}

const format = ({ ln, r, p, salt, hash }: ParsedHash): string => ['', 'scrypt', `ln=${ln},r=${r},p=${p}`, phc64(salt), phc64(hash)].join('$')
const phc64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '')
