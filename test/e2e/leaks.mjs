// Searches all output of the services in a test run for the tests' passwords. Plain JavaScript, because tap's reporter imports it.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Every username and password in a test contains this more than once, so that half a password is found too. */
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

/** Any match is a leak: plain, hex, percent-encoded, as a list of bytes or in base64. */
const forms = [
  new RegExp([CANARY, hex.join(' ?'), hex.map(byte => `%${byte}`).join(''), bytes.join(', ?')].join('|'), 'gi'),
  new RegExp(base64.join('|').replaceAll('+', '\\+'), 'g')
]

/**
 * @param {string} text in latin1, so that its offsets are those of the bytes
 * @returns {Array<{ offset: number, text: string }>}
 */
export function leaksIn (text) {
  return forms.flatMap(form => [...text.matchAll(form)].map(({ index, 0: { length } }) =>
    ({ offset: index, text: text.slice(Math.max(0, index - CONTEXT_CHARS), index + length + CONTEXT_CHARS) })))
}

/** Searches everything that was recorded. Returns the leaks, and the number of files and bytes. */
export function searchSaid (folder = SAID) {
  const found = { files: 0, bytes: 0, leaks: /** @type {Array<{ file: string, offset: number, text: string }>} */ ([]) }
  for (const name of readdirSync(folder)) {
    const file = join(folder, name)
    const text = readFileSync(file, 'latin1')
    found.files++
    found.bytes += text.length
    found.leaks.push(...leaksIn(text).map(leak => ({ file, ...leak })))
  }
  return found
}
