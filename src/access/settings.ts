import type { Right, Sight } from './principal.js'

/** What somebody may do. */
export interface Grant {
  readonly right: Right
  readonly cameras: Sight
}

export interface UserSettings extends Grant {
  readonly name: string
  /** A hash made by `camgate password`. Without it, the user comes by another way only: a proxy, a link. */
  readonly password?: string
}

/** How tokens are verified, and the names of their claims. `jwks` is a URL. */
export interface JwtSettings {
  readonly key: { readonly secret: string } | { readonly pem: string } | { readonly jwks: string }
  readonly issuer?: string
  readonly audience?: string
  /** The name of a cookie that may carry the token. */
  readonly cookie?: string
  readonly claims: { readonly name: string, readonly right: string, readonly cameras: string }
}

/** The ways in, at least one. Without these settings, everybody is let in. */
export interface AuthSettings {
  readonly users: ReadonlyMap<string, UserSettings>
  readonly jwt?: JwtSettings
  /** Secrets of signed links by key id: two while one replaces the other. */
  readonly links?: { readonly keys: ReadonlyMap<string, string> }
  /** The header in which a trusted proxy names the user, and what those who are not in `users` may do. */
  readonly proxy?: Grant & { readonly header: string }
}
