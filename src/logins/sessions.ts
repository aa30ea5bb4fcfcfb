import { hash, randomBytes } from 'node:crypto'
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
  open ({ name, right, cameras }: UserSettings): string {
    const token = randomBytes(TOKEN_BYTES).toString('base64url')
    const sessions = this.#sessions
    const clock = this.#clock
    const proof = hashOf(token)
    const session: Session = {
      lastUsedAt: clock.now(),
      principal: {
        kind: 'user',
        name,
        right,
        cameras,
        issuedAt: clock.wall(),
        /** Streams ask while they run: each use of the session moves its end on, and a logout is its end. */
        get until () { return sessions.get(proof) === session ? clock.wall() + IDLE_MS - (clock.now() - session.lastUsedAt) : 0 }
      }
    }
    sessions.set(proof, session)
    this.#trim(name)
    return token
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
