import type { Test } from 'tap'
import type { AuthSettings, UserSettings } from '../../src/access/settings.js'
import { trustedProxies } from '../../src/access/trusted-proxies.js'
import { waysIn } from '../../src/door/ways-in.js'
import { FakeClock } from '../fake-clock.js'
import { build, type BuildParts } from '../http/build.js'
import { basicAuth, passwordHash } from '../passwords.js'

export const basic = (name: string, password = 'correct horse') => ({ authorization: basicAuth(name, password) })

const anna: UserSettings = { name: 'anna', password: passwordHash, right: 'view', cameras: new Set(['2']) }
export const people: readonly UserSettings[] = [anna, { name: 'Bérénice', password: passwordHash, right: 'admin', cameras: 'all' }, { name: 'proxied', right: 'view', cameras: 'all' }]

/** A web server that is closed but for the ways in of `auth`. `lines` collects what these warn of. */
export async function guarded (t: Test, ids: readonly string[], auth: AuthSettings, parts: Pick<BuildParts, 'sites' | 'trustProxy'> = {}) {
  const clock = new FakeClock()
  const lines: string[] = []
  const trusts = trustedProxies(parts.trustProxy ?? [])
  const built = await build(t, ids.map(id => ({ id, name: id })), { clock, waysIn: waysIn(auth, { clock, trusts, warn: line => lines.push(line) }), ...parts })
  return { ...built, lines }
}

/** The same with cameras 1 and 2, whose users log in with a password, or by the ways in `more`. */
export const withUsers = (t: Test, users = people, more: Partial<AuthSettings> = {}) =>
  guarded(t, ['1', '2'], { users: new Map(users.map(user => [user.name, user])), ...more })
