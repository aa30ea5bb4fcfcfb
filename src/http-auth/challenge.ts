/** RFC 7616 section 3.3; `-sess` hashes the client's nonce into the secret. */
export const digestAlgorithms = ['MD5', 'MD5-sess', 'SHA-256', 'SHA-256-sess', 'SHA-512-256', 'SHA-512-256-sess'] as const
export type DigestAlgorithm = typeof digestAlgorithms[number]

/**
 * A challenge from a WWW-Authenticate header. Strings hold one character per byte of the header, so that Digest hashes exactly the bytes that
 * the camera sent. `qop`: `qop=auth` was offered. `stale`: the credentials were right, and only the nonce has expired.
 */
export type AuthChallenge =
  | { scheme: 'basic'; realm: string }
  | { scheme: 'digest'; realm: string; nonce: string; opaque?: string; algorithm: DigestAlgorithm; qop: boolean; stale?: true }

/** Formats a header value (RFC 7235 section 4.1). */
export function formatChallenge (challenge: AuthChallenge): string {
  const realm = `realm=${quote(challenge.realm)}`
  if (challenge.scheme === 'basic') return `Basic ${realm}`
  const { nonce, opaque, algorithm, qop, stale } = challenge
  return 'Digest ' + [
    realm, `nonce=${quote(nonce)}`, `algorithm=${algorithm}`,
    ...(qop ? ['qop="auth"'] : []),
    ...(opaque === undefined ? [] : [`opaque=${quote(opaque)}`]),
    ...(stale ? ['stale=true'] : [])
  ].join(', ')
}

/** Returns the challenges that we can answer, strongest first. Each header value may contain several. */
export function parseChallenges (values: readonly string[]): AuthChallenge[] {
  const strength = (challenge: AuthChallenge) =>
    challenge.scheme === 'basic' ? 0 : challenge.algorithm.startsWith('MD5') ? 1 : 2
  return values.flatMap(splitSchemes).flatMap(({ scheme, parameters }) => challengeOf(scheme, parseParameters(parameters)))
    .sort((a, b) => strength(b) - strength(a))
}

/** Whether any header value asks for Digest, even in a form that we cannot answer. */
export const asksForDigest = (values: readonly string[]): boolean => values.flatMap(splitSchemes).some(({ scheme }) => scheme === 'digest')

/** Parses `name=token` and `name="text"`, by lower-case name. No match begins within a word or fails after a quote, so the time is linear. */
export function parseParameters (text: string): Map<string, string> {
  const found = text.matchAll(/(?<![\w-])([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.?)*)(?:"|$)|([^\s",]+))/gs)
  return new Map(Array.from(found, ([, name, quoted, token]) =>
    [name!.toLowerCase(), quoted?.replace(/\\(.)/gs, '$1') ?? token ?? '']))
}

/** A scheme is a word with a parameter after it, at the start or after a comma, outside of quotes. Cameras send `Basic` without parameters. */
function splitSchemes (value: string): { scheme: string; parameters: string }[] {
  const blind = value.replace(/"(?:[^"\\]|\\.?)*(?:"|$)/gs, text => '"'.repeat(text.length))
  const starts = [...blind.matchAll(/(?:^|,)\s*(?:(basic)(?![\w-]|\s*=)|(\w+)\s+(?=[\w-]+\s*=))/gi)]
  return starts.map((start, index) => ({
    scheme: (start[1] ?? start[2]!).toLowerCase(),
    parameters: value.slice(start.index + start[0].length, starts[index + 1]?.index)
  }))
}

function challengeOf (scheme: string, parameters: Map<string, string>): AuthChallenge[] {
  const realm = parameters.get('realm') ?? ''
  if (scheme === 'basic') return [{ scheme, realm }]
  const named = parameters.get('algorithm')?.toUpperCase() ?? 'MD5'
  const algorithm = digestAlgorithms.find(known => known.toUpperCase() === named)
  const nonce = parameters.get('nonce')
  const opaque = parameters.get('opaque')
  const offered = parameters.get('qop')?.split(',').map(word => word.trim())
  const qop = offered?.includes('auth') ?? false
  if (scheme !== 'digest' || nonce === undefined || algorithm === undefined) return []
  if (offered !== undefined && !qop) return [] // auth-int covers the body as well: no camera asks for it alone
  const stale = parameters.get('stale')?.toLowerCase() === 'true'
  return [{ scheme, realm, nonce, algorithm, qop, ...(opaque !== undefined && { opaque }), ...(stale && { stale }) }]
}

/** Writes a quoted-string. */
export const quote = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`
