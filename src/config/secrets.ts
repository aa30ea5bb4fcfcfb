import type { AuthSettings } from '../access/settings.js'
import type { Source } from '../sources/kinds.js'
import type { MapValue, Value } from '../yaml/value.js'
import type { NotifyTarget } from './notify/target.js'

/** The keys of a source whose values may be secret. The others are shown. */
const SECRET_KEYS = ['url', 'path', 'command']

interface Places { readonly places: MapValue['entries'], readonly defaultPlaces: MapValue['entries'] | undefined }

/** The values of `${…}` in a camera's credentials and addresses, and its token. In an address, host and port are not secret, because every packet shows them. */
export function secretsIn ({ places, defaultPlaces }: Places, source: Source, substream?: Source): string[] {
  const credentials = ['username', 'password'].flatMap(key => [places, defaultPlaces].flatMap(entries => filledIn(entries?.get(key)?.value)))
  const tokens = 'token' in source && source.token !== undefined ? [source.token] : []
  const ofSubstream = substream ? ofSource(places.get('substream')?.value, substream) : []
  const ofOnvif = filledIn(places.get('onvif')?.value)
  return [...credentials, ...tokens, ...ofSource(places.get('source')?.value, source), ...ofSubstream, ...ofOnvif].filter(Boolean)
}

function ofSource (written: Value | undefined, source: Source): string[] {
  const [, authority = ''] = 'url' in source ? /^[a-z]+:\/\/([^/?#]*)/.exec(source.url) ?? [] : []
  const values = written?.kind === 'map' ? SECRET_KEYS.flatMap(key => filledIn(written.entries.get(key)?.value)) : filledIn(written)
  return values.map(value => beyond(authority, value))
}

/** The password hashes and keys of `server.auth`. No log, message or answer may show them. */
export const secretsOfAuth = ({ users, jwt, links }: AuthSettings): string[] => [
  ...[...users.values()].flatMap(({ password }) => password ?? []),
  ...jwt && 'secret' in jwt.key ? [jwt.key.secret] : [],
  ...links?.keys.values() ?? []
]

/** Shorter paths, such as /hook, are no secret, and would hide a word of other texts. */
const MIN_SECRET_PATH_CHARS = 16

/** Keys and passwords of the receivers of notifications, and their addresses from the path on: whoever knows these can post there. */
export const secretsOfNotify = (targets: readonly NotifyTarget[]): string[] => targets.flatMap(({ url, credentials, key }) => {
  const { pathname, search } = new URL(url)
  const path = pathname.slice(1) + search
  return [...key !== undefined ? [key] : [], ...credentials ? [credentials.password] : [], ...path.length >= MIN_SECRET_PATH_CHARS ? [path] : []]
})

function filledIn (value: Value | undefined): readonly string[] {
  if (value?.kind === 'list') return value.items.flatMap(filledIn)
  return value?.kind === 'scalar' ? value.filledIn ?? [] : []
}

/** The part of a value that follows `authority` in an address. */
function beyond (authority: string, value: string): string {
  if (authority === '') return value
  const [, host = '', port = ''] = /^(.*?)(?::(\d+))?$/.exec(authority)!
  const bare = value.trim().replace(/^[a-z]+:\/\//i, '').replace(/^[^/?#]*@/, '')
  const shown = [authority, host, port].find(part => part !== '' && (bare === part || (bare.startsWith(part) && /[/?:]/.test(bare[part.length]!))))
  return shown === undefined ? bare : bare.slice(shown.length).replace(/^[/?]/, '')
}
