import { addressOf } from '../ingest/address.js'
import { labelOf } from '../sources/kinds.js'
import type { LiveCamera } from '../config/registry.js'

/** What sentences name of what was asked: the camera's place in the network, if it has one, and whether we can prove who we are. */
export interface Target {
  readonly place?: { readonly host: string, readonly port: number, readonly path: string }
  readonly hasCredentials: boolean
}

/** Of a camera of which nothing needs to be named. */
export const unnamed: Target = { hasCredentials: true }

/** Only what everybody may see. */
export function targetOf ({ source, credentials }: Pick<LiveCamera, 'source' | 'credentials'>): Target {
  const hasCredentials = credentials !== undefined
  const label = labelOf(source)
  const address = 'url' in source ? addressOf(source.url, false) : undefined
  if (!address) return { hasCredentials }
  const path = label.replace(/^[a-z]+:\/\/[^/?#]*/i, '') || '/'
  return { hasCredentials, place: { host: address.host, port: address.port, path } }
}

/** As in "Nothing answers at …". */
export const portOf = ({ place }: Target): string => place ? `${place.host}, port ${place.port}` : 'this address and port'
/** As in "The camera knows no stream at …". */
export const pathOf = ({ place }: Target): string => place?.path ?? 'this path'
