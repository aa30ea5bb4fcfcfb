/**
 * Why a value that is valid YAML is probably a mistake, in a sentence that quotes nothing; undefined if nothing looks odd.
 *
 * @param written the value as written in the file, without quotes around it
 * @param rest the rest of its line
 * @param freeText keys of text that may contain a #
 */
export function doubtAbout (key: string, written: string, rest: string, freeText: ReadonlySet<string>): string | undefined {
  if (/^[“”„‟‘’‚‛«»]/.test(written)) return `${key}: typographic quotes such as “ ” quote nothing in YAML and count as part of the text; its quotes are ' and "`
  const comment = /^[ \t]+#(.?)/.exec(rest)
  if (!comment || !freeText.has(key) || /^\$\{[^}]*\}$/.test(written)) return undefined
  // `admin  # the yard's` has a comment. After a password even that is worth a warning, because cameras lock the account after wrong passwords.
  if (key !== 'password' && !/\S/.test(comment[1] ?? '')) return undefined
  return `${key}: a # after a space begins a comment, so the ${key} ends before it. If the # belongs to the ${key}, put the whole ${key} in 'single quotes'; ` +
    'if it is a comment, move it to a line of its own'
}
