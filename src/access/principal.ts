/** Each right includes those before it. `control` starts and stops cameras; `admin` changes the service itself. */
export const rights = ['view', 'control', 'admin'] as const
export type Right = typeof rights[number]

/** What a route requires. */
export type Scope = 'public' | Right

/** The ids of the cameras that somebody may see, and control with that right. */
export type Sight = 'all' | ReadonlySet<string>

/** Of a user, however they come in. Longer names belong to nobody. */
export const MAX_NAME_CHARS = 128
/** How far the clock of whoever signs tokens or links may differ from camgate's. */
export const MAX_CLOCK_SKEW_S = 30

/** Who sends a request, as far as a proof says it. Times are in milliseconds of the wall clock. */
export interface Principal {
  /** The kind of proof. `anyone` has none and needs none. */
  readonly kind: 'anyone' | 'user' | 'token' | 'link' | 'proxy'
  /** For people: in the log, and in `/status` for administrators. */
  readonly name: string
  readonly right: Right
  readonly cameras: Sight
  /** When the proof was made: the login, the token's or link's `iat`, the request itself if it carries a password. */
  readonly issuedAt: number
  /** When the proof ends; undefined if it does not. */
  readonly until?: number
}

/** Everybody, where no login is configured. */
export const anyone = (right: Right): Principal => ({ kind: 'anyone', name: 'anyone', right, cameras: 'all', issuedAt: Infinity })

export const includes = (one: Right, other: Right): boolean => rights.indexOf(one) >= rights.indexOf(other)

export const sees = (cameras: Sight, id: string): boolean => cameras === 'all' || cameras.has(id)
