/* eslint-disable no-template-curly-in-string -- users write ${…} in the file */
/** Where the values of `${…}` come from. */
export interface Surroundings {
  env: Record<string, string | undefined>
  /** The text of a file that the configuration names. Throws when it cannot be read. */
  readFile (path: string): string
}

/** Escapes a text so that `substitute` returns it unchanged: `${` becomes `$${`. */
export const literal = (text: string): string => text.replaceAll('${', () => '$${')

/** An empty secret has usually been forgotten, and cameras lock the account after a few requests with a wrong password. */
const emptyText = 'if an empty text is meant, write ""'

const reasons: Record<string, string> = {
  EISDIR: ': it is a folder; Docker makes one when the file is not on the host',
  EACCES: ': the user that camgate runs as may not read it'
}

/**
 * Replaces `${NAME}` by an environment variable and `${file:/path}` by a file's text without its last newline;
 * `$${` stands for `${`. Replacements are not scanned again, so a secret may contain anything. `missing` receives a sentence about each
 * `${…}` whose value is missing or empty; it quotes no value. `filledIn` receives each replacement.
 */
export function substitute (text: string, { env, readFile }: Surroundings, missing: (problem: string) => void, filledIn = (_value: string) => {}): string {
  return text.replace(/\$\$\{|\$\{([^}]*)(\}?)/g, (written, inner: string | undefined, close: string) => {
    if (inner === undefined) return written.slice(1)
    const [, path] = /^file:(.*)$/s.exec(inner) ?? []
    if (!close) missing("'${' without its '}'; a literal '${' is written '$${'")
    else if (path !== undefined) return put(fileValue(path.trim()))
    else if (!/^[A-Za-z_]\w*$/.test(inner)) missing("expected ${NAME} or ${file:/path}; a literal '${' is written '$${'")
    else if (env[inner] === undefined) missing(`the environment variable ${inner} is not set`)
    else if (env[inner] === '') missing(`the environment variable ${inner} is empty; ${emptyText}`)
    else return put(env[inner])
    return ''
  })

  function put (value: string): string {
    filledIn(value)
    return value
  }

  function fileValue (path: string): string {
    try {
      const value = readFile(path).replace(/\r?\n$/, '')
      if (value === '') missing(`the file ${JSON.stringify(path)} is empty; ${emptyText}`)
      return value
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : ''
      missing(`cannot read the file ${JSON.stringify(path)}${code && ` (${code})`}${reasons[code] ?? ''}`)
      return ''
    }
  }
}
