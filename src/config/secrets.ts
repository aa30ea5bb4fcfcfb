import type { Source } from '../sources/kinds.js'
import type { MapValue, Value } from './value.js'

/** Where in a source secrets stand: in its address, in the path of a file, in the arguments of a command. What else a source says is said to people. */
const SECRET_KEYS = ['url', 'path', 'command']

/** What `${…}` stood for in a camera's credentials and source. A whole address is no secret, nor are its host and port, which every packet shows: what follows them is. */
export function secretsIn ({ places, defaultPlaces }: { places: MapValue['entries'], defaultPlaces: MapValue['entries'] | undefined }, source: Source): string[] {
  const credentials = ['username', 'password'].flatMap(key => [places, defaultPlaces].flatMap(entries => filledIn(entries?.get(key)?.value)))
  const [, authority = ''] = 'url' in source ? /^[a-z]+:\/\/([^/?#]*)/.exec(source.url) ?? [] : []
  const written = places.get('source')?.value
  const ofSource = written?.kind === 'map' ? SECRET_KEYS.flatMap(key => filledIn(written.entries.get(key)?.value)) : filledIn(written)
  return [...credentials, ...ofSource.map(value => beyond(authority, value))].filter(Boolean)
}

function filledIn (value: Value | undefined): readonly string[] {
  if (value?.kind === 'list') return value.items.flatMap(filledIn)
  return value?.kind === 'scalar' ? value.filledIn ?? [] : []
}

/** Of text that stands in an address, what stands behind `authority`. */
function beyond (authority: string, value: string): string {
  if (authority === '') return value
  const [, host = '', port = ''] = /^(.*?)(?::(\d+))?$/.exec(authority)!
  const bare = value.trim().replace(/^[a-z]+:\/\//i, '').replace(/^[^/?#]*@/, '')
  const shown = [authority, host, port].find(part => part !== '' && (bare === part || (bare.startsWith(part) && /[/?:]/.test(bare[part.length]!))))
  return shown === undefined ? bare : bare.slice(shown.length).replace(/^[/?]/, '')
}
