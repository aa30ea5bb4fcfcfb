// Looks for the tests' passwords in all that the service has said in a test run. Plain JavaScript, for tap's reporter imports it.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Stands in every username and password that a test configures, more than once: half a password is found, too. */
export const CANARY = 'kAnArY5'

/** Where test/e2e/recording.ts keeps what the service says. */
export const SAID = fileURLToPath(new URL('../../.tap/said', import.meta.url))

/** Characters of a leak's surroundings that are shown. */
const AROUND = 60

/** In base64 it begins at one of three places; what its neighbours have a part in is left out. */
const base64 = [0, 1, 2].map(before => {
  const text = Buffer.from(' '.repeat(before) + CANARY).toString('base64')
  return text.slice(Math.ceil(before * 8 / 6), Math.floor((before + CANARY.length) * 8 / 6))
})
const bytes = [...Buffer.from(CANARY)]
const hex = bytes.map(byte => byte.toString(16))

/** A match is a leak, whatever it was wrapped in. */
const forms = [
  new RegExp([CANARY, hex.join(' ?'), hex.map(byte => `%${byte}`).join(''), bytes.join(', ?')].join('|'), 'gi'),
  new RegExp(base64.join('|').replaceAll('+', '\\+'), 'g')
]

/**
 * @param {string} text in latin1, so that places in it are those of bytes
 * @returns {Array<{ offset: number, text: string }>}
 */
export function leaksIn (text) {
  return forms.flatMap(form => [...text.matchAll(form)].map(({ index, 0: { length } }) =>
    ({ offset: index, text: text.slice(Math.max(0, index - AROUND), index + length + AROUND) })))
}

/** Reads all that was recorded: how many files and bytes there were, and what was found in them. */
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
