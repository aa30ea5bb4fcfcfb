import { CamgateError } from '../errors.js'
import { MAX_NAME_CHARS, type Principal } from './principal.js'
import type { AuthSettings } from './settings.js'

/**
 * Printable ASCII, without what stands for something else than a name: the comma of a repeated header that was joined, the braces of a placeholder
 * that a proxy left as it was (Caddy before 2.9, if the application names nobody), quotes and angle brackets. Not UTF-8, because applications disagree about
 * the encoding of headers: a name in Latin-1 could pass as another one in UTF-8.
 */
const NAME = /^(?! )[ !#-+\--;=?-z|~]+(?<! )$/

/**
 * The user that a trusted proxy names. `values` holds each header of that name as it came, and is not empty.
 * @throws {CamgateError} BAD_CREDENTIALS
 */
export function proxiedUser (values: readonly string[], { users, proxy }: Required<Pick<AuthSettings, 'users' | 'proxy'>>, issuedAt: number): Principal {
  const [name = ''] = values
  const fault = values.length > 1 ? 'more than once' : name === '' ? 'without a name' : NAME.test(name) && name.length <= MAX_NAME_CHARS ? undefined : 'with something that is not a name'
  if (fault) throw new CamgateError('BAD_CREDENTIALS', `The proxy in front of camgate sends the header ${proxy.header} ${fault}: it has to send it once, with a name of at most ${MAX_NAME_CHARS} characters of ASCII, or not at all.`)
  const { right, cameras } = users.get(name) ?? proxy
  return { kind: 'proxy', name, right, cameras, issuedAt }
}
