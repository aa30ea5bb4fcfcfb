import { say, sayForCode } from './language.js'

/** @typedef {import('../api.js').Diagnosis['findings'][number]} Finding */

const LABELS = /** @type {const} */ ({ error: 'findingError', warning: 'findingWarning', note: 'findingNote' })

/**
 * A finding in the language of the page. Where the page has words of its own, they say what to do, too; only what the camera has just answered is
 * added as the server wrote it, because it names addresses.
 * @param {Finding} finding
 * @param {boolean} wasAsked whether the camera itself was asked
 */
export function findingInWords ({ level, code, what, why, todo }, wasAsked) {
  const words = sayForCode(code, what)
  const isOwn = words !== what
  return { level, label: say(LABELS[level]), sentences: [words, ...isOwn || why === null ? [] : [why]], todo: isOwn && !wasAsked ? [] : todo }
}
