import { hash, randomBytes } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Clock } from '../clock.js'
import type { Principal } from '../access/principal.js'
import type { UserSettings } from '../access/settings.js'

const IDLE_MS = 12 * 3_600_000
/** A program that logs in for each picture ends its own oldest sessions, and nobody else's. */
const MAX_SESSIONS_PER_USER = 100
const TOKEN_BYTES = 32

/** The port is part of the name, because a browser sends a cookie to all ports of a host. */
export const sessionCookieName = (port: number): string => `camgate_${port}`

/** Whether some port's session cookie has this name: the port is the one that browsers use, which camgate cannot foresee. */
export const isSessionCookieName = (name: string): boolean => /^camgate_\d+$/.test(name)

interface Session {
  readonly principal: Principal
  lastUsedAt: number
}

/** Logins of camgate's page, kept by the hashes of their tokens until the process ends. A session ends 12 hours after its last use. */
export class Sessions {
  readonly #clock: Clock
  readonly #sessions = new Map<string, Session>()

  constructor (clock: Clock) {
    this.#clock = clock
  }

  get size (): number { return this.#sessions.size }

  /** Returns the token for the cookie. */
  open (user: UserSettings): string {
    const token = randomBytes(TOKEN_BYTES).toString('base64url')
    this.#set(hashOf(token), user, this.#clock.now(), this.#clock.wall())
    this.#trim(user.name)
    return token
  }

  /** Users have changed: their sessions have the right and the cameras that they have now, and end if they are gone. */
  update (users: ReadonlyMap<string, UserSettings>): void {
    for (const [proof, { principal: { name, right, cameras, issuedAt }, lastUsedAt }] of this.#sessions) {
      const user = users.get(name)
      if (!user) this.#sessions.delete(proof)
      else if (!isDeepStrictEqual([user.right, user.cameras], [right, cameras])) this.#set(proof, user, lastUsedAt, issuedAt)
    }
  }

  #set (proof: string, { name, right, cameras }: UserSettings, lastUsedAt: number, issuedAt: number): void {
    const sessions = this.#sessions
    const clock = this.#clock
    const session: Session = {
      lastUsedAt,
      principal: {
        kind: 'user',
        name,
        right,
        cameras,
        issuedAt,
        /** Streams ask while they run: each use of the session moves its end on, and a logout is its end. */
        get until () { return sessions.get(proof) === session ? clock.wall() + IDLE_MS - (clock.now() - session.lastUsedAt) : 0 }
      }
    }
    sessions.set(proof, session)
  }

  /** Returns the principal of a session that has not ended, and counts as a use of it. */
  find (token: string): Principal | undefined {
    const proof = hashOf(token)
    const session = this.#sessions.get(proof)
    if (!session || this.#isOver(session)) {
      this.#sessions.delete(proof)
      return undefined
    }
    session.lastUsedAt = this.#clock.now()
    return session.principal
  }

  /** Idempotent. */
  close (token: string): void {
    this.#sessions.delete(hashOf(token))
  }

  #trim (name: string): void {
    for (const [proof, session] of this.#sessions) if (this.#isOver(session)) this.#sessions.delete(proof)
    const own = [...this.#sessions].filter(([, { principal }]) => principal.name === name).sort(([, one], [, other]) => one.lastUsedAt - other.lastUsedAt)
    for (const [proof] of own.slice(0, -MAX_SESSIONS_PER_USER)) this.#sessions.delete(proof)
  }

  #isOver ({ lastUsedAt }: Session): boolean {
    return this.#clock.now() - lastUsedAt >= IDLE_MS
  }
}

const hashOf = (token: string): string => hash('sha256', token, 'base64')
