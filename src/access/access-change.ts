import { isDeepStrictEqual } from 'node:util'
import type { Principal } from './principal.js'
import type { AuthSettings } from './settings.js'

/** What a change of the settings means for those who have come in before it. */
export interface AccessChange {
  /** The users who are gone or have another password: what proved them is refused, as if an administrator had logged them out. */
  readonly endedNames: readonly string[]
  /** Whether somebody may have another right or see other cameras now, or is let in no longer. Whoever is still let in may come again at once. */
  readonly hasChanged: (principal: Principal) => boolean
}

/** `server.auth` before and after: undefined if nothing is written about it. */
type Auth = AuthSettings | 'none' | undefined

const NO_ACCESS_CHANGE: AccessChange = { endedNames: [], hasChanged: () => false }

export function accessChange (before: Auth, after: Auth): AccessChange {
  if (typeof after !== 'object') return NO_ACCESS_CHANGE // everybody may go on
  if (typeof before !== 'object') return { endedNames: [], hasChanged: () => true }
  const ended = [...before.users].flatMap(([name, { password }]) => {
    const user = after.users.get(name)
    return !user || (password !== undefined && user.password !== password) ? [name] : []
  })
  const names = [...new Set([...before.users.keys(), ...after.users.keys()])].filter(name => !hasSame('right', name) || !hasSame('cameras', name))
  const changedNames = new Set(names)
  const changedKinds = new Set<Principal['kind']>([
    ...isDeepStrictEqual(before.links, after.links) ? [] : ['link' as const],
    ...isDeepStrictEqual(before.jwt, after.jwt) ? [] : ['token' as const],
    ...isDeepStrictEqual(before.proxy, after.proxy) ? [] : ['proxy' as const]
  ])
  return { endedNames: ended, hasChanged: ({ kind, name }) => changedNames.has(name) || changedKinds.has(kind) }

  function hasSame (key: 'right' | 'cameras', name: string): boolean {
    return isDeepStrictEqual((before as AuthSettings).users.get(name)?.[key], (after as AuthSettings).users.get(name)?.[key])
  }
}
