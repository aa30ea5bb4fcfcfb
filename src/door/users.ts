import { parseCookie } from 'cookie'
import type { FastifyRequest } from 'fastify'
import { Logins } from '../logins/logins.js'
import { networkOf } from '../access/network.js'
import { sessionCookieName, Sessions } from '../logins/sessions.js'
import type { Principal } from '../access/principal.js'
import type { UserSettings } from '../access/settings.js'
import type { Clock } from '../clock.js'
import type { Identify } from './identify.js'

/** Logins with a user and a password. */
export interface PasswordLogin {
  readonly logins: Logins
  readonly sessions: Sessions
}

/**
 * Returns undefined if no user has a password: then a Basic header is meant for a proxy in front of camgate. Takes over what a former configuration's
 * logins know of wrong tries, and its sessions.
 */
export function passwordLogin (users: ReadonlyMap<string, UserSettings>, clock: Clock, warn: (line: string) => void, former?: PasswordLogin): PasswordLogin | undefined {
  const hasPasswords = [...users.values()].some(({ password }) => password !== undefined)
  if (!hasPasswords) return undefined
  former?.sessions.update(users)
  return { logins: new Logins(users, clock, warn, former?.logins), sessions: former?.sessions ?? new Sessions(clock) }
}

/** Users prove who they are with Basic, or with the cookie of a session. A cookie that is no longer good is no wrong try, and none at all. */
export const identifyUser = (login: PasswordLogin, clock: Clock): Identify => {
  const ofCookie = (request: FastifyRequest) => request.headers.cookie === undefined ? undefined : login.sessions.find(sessionCookie(request).token)
  const ofPassword = async (request: FastifyRequest): Promise<Principal | undefined> => {
    const user = await userOf(login, request)
    return user ? { kind: 'user', name: user.name, right: user.right, cameras: user.cameras, issuedAt: clock.wall() } : ofCookie(request)
  }
  return request => request.headers.authorization === undefined ? ofCookie(request) : ofPassword(request)
}

/** The user of a Basic header; undefined if there is none. Throws what `Logins.check` throws. */
export async function userOf ({ logins }: PasswordLogin, { headers: { authorization }, ip }: FastifyRequest): Promise<UserSettings | undefined> {
  return authorization === undefined ? undefined : await logins.check(authorization, networkOf(ip))
}

/** By the port that the browser uses: Docker may publish another one than camgate's own. */
export function sessionCookie ({ headers, port, socket }: FastifyRequest): { name: string, token: string } {
  const name = sessionCookieName(port ?? socket.localPort ?? 0)
  return { name, token: parseCookie(headers.cookie ?? '')[name] ?? '' }
}
