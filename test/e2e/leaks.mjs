// Searches all output of the services in a test run for the tests' passwords, and for whatever else has let somebody in. Plain JavaScript, because tap's
// reporter imports it.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Every username, password and key in a test's configuration contains this more than once, so that half a password is found too. */
export const CANARY = 'kAnArY5'

/** The folder in which test/e2e/recording.ts stores the output. */
export const SAID = fileURLToPath(new URL('../../.tap/said', import.meta.url))

/** Shown before and after a leak. */
const CONTEXT_CHARS = 60

/** Base64 depends on the offset modulo three; characters that also encode the neighbours are left out. */
const base64 = [0, 1, 2].map(before => {
  const text = Buffer.from(' '.repeat(before) + CANARY).toString('base64')
  return text.slice(Math.ceil(before * 8 / 6), Math.floor((before + CANARY.length) * 8 / 6))
})
const bytes = [...Buffer.from(CANARY)]
const hex = bytes.map(byte => byte.toString(16))

/** Any match is a leak: a canary that is plain, hex, percent-encoded, as a list of bytes or in base64; or a secret that a program made, which has none. */
const forms = [
  new RegExp([CANARY, hex.join(' ?'), hex.map(byte => `%${byte}`).join(''), bytes.join(', ?')].join('|'), 'gi'),
  new RegExp(base64.join('|').replaceAll('+', '\\+'), 'g'),
  /\$scrypt\$ln=\d+,r=\d+,p=\d+\$[A-Za-z0-9+/]{11,}/g, // a password's hash
  /\beyJ[\w-]{8,}\.eyJ[\w-]+\.[\w-]*/g, // a JSON Web Token
  /sig(?:=|%3D)[\w-]{20,}/gi, // a link's signature
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/g
]

/** Enough characters of a random proof to know it by. Shorter words are none. */
const PROOF_CHARS = 16
const WORD = new RegExp(`[\\w-]{${PROOF_CHARS},}`, 'g')

/**
 * The beginnings of all words in a text that may be a proof of who somebody is: of a session's cookie, a token, a signature, a password in base64.
 * @param {string} text
 */
const proofsIn = text => [...text.matchAll(WORD)].map(([word]) => word.slice(0, PROOF_CHARS))

/** Where a session's cookie belongs. */
const SET_COOKIE = /^Set-Cookie: camgate_\d+=([\w-]+)/gim

/**
 * @param {string} text in latin1, so that its offsets are those of the bytes
 * @returns {Array<{ offset: number, text: string }>}
 */
export function leaksIn (text) {
  return forms.flatMap(form => [...text.matchAll(form)].map(({ index, 0: { length } }) =>
    ({ offset: index, text: text.slice(Math.max(0, index - CONTEXT_CHARS), index + length + CONTEXT_CHARS) })))
}

/**
 * Searches for proofs that clients have sent to a service, or have been given.
 * @param {string} text
 * @param {ReadonlySet<string>} proofs
 */
function usedProofsIn (text, proofs) {
  const elsewhere = text.replace(SET_COOKIE, line => ' '.repeat(line.length))
  return [...elsewhere.matchAll(WORD)].filter(([word]) => proofs.has(word.slice(0, PROOF_CHARS))).map(({ index, 0: { length } }) =>
    ({ offset: index, text: text.slice(Math.max(0, index - CONTEXT_CHARS), index + length + CONTEXT_CHARS) }))
}

/** Searches everything that was recorded. Returns the leaks, and the number of files and bytes. */
export function searchSaid (folder = SAID) {
  const found = { files: 0, bytes: 0, leaks: /** @type {Array<{ file: string, offset: number, text: string }>} */ ([]) }
  const texts = readdirSync(folder).map(name => ({ file: join(folder, name), text: readFileSync(join(folder, name), 'latin1') }))
  const sent = texts.filter(({ file }) => file.endsWith('.proofs')).map(({ text }) => text)
  const given = texts.flatMap(({ text }) => [...text.matchAll(SET_COOKIE)].map(([, cookie = '']) => cookie))
  const proofs = new Set([...sent, ...given].flatMap(proofsIn))
  for (const { file, text } of texts.filter(({ file }) => !file.endsWith('.proofs'))) {
    found.files++
    found.bytes += text.length
    found.leaks.push(...[...leaksIn(text), ...usedProofsIn(text, proofs)].map(leak => ({ file, ...leak })))
  }
  return found
}
