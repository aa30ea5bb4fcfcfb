import { isPasswordHash } from '../logins/password.js'
import { isSessionCookieName } from '../logins/sessions.js'
import type { AuthSettings, JwtSettings, UserSettings } from '../access/settings.js'
import { CamgateError } from '../errors.js'
import { signingKey } from '../tokens/signing-key.js'
import { didYouMean } from '../text/nearest.js'
import { quote } from '../text/printable.js'
import type { At, Report } from '../yaml/diagnostic.js'
import { itemAt, within, type Value } from '../yaml/value.js'
import { claimPresets, rightPreset, type AuthKeys } from './server-schema.js'

export interface AuthContext {
  /** The value of `server.auth`. */
  readonly written: Value
  /** The ids of the cameras in the file. */
  readonly cameras: readonly string[]
  /** Whether `server.trustProxy` names a proxy. */
  readonly trustsProxy: boolean
  readonly report: Report
  readonly warn: Report
}

/** Makes the settings of `server.auth`, and checks its keys against each other and against the cameras. */
export function buildAuth (keys: AuthKeys, context: AuthContext): AuthSettings {
  const { written, report, warn } = context
  const otherWays = keys.jwt ?? keys.links ?? keys.proxy
  const users = [...keys.users ?? []].map(([name, { password, right = rightPreset, cameras } = {}]): [string, UserSettings] => {
    const path = `server.auth.users.${name}`
    const user = within(written, 'users', name)
    if (password !== undefined && !isPasswordHash(password)) {
      report(within(user, 'password').at, `${path}.password: this is not a hash: run camgate password, and write here what it prints`)
    } else if (password === undefined && !otherWays) {
      warn(user.at, `${path}: there is no way in without a password: run camgate password, and write what it prints as password: here`)
    }
    return [name, { name, ...password !== undefined && { password }, right, cameras: knownCameras(cameras, within(user, 'cameras'), path, context) }]
  })
  if (keys.proxy && !context.trustsProxy) {
    report(within(written, 'proxy').at, 'server.auth.proxy: anybody could send this header; name the addresses of the proxy in server: { trustProxy: […] }')
  }
  const { jwt, links, proxy } = keys
  return {
    users: new Map(users),
    ...jwt && { jwt: buildJwt(jwt, within(written, 'jwt'), report) },
    ...links && { links: { keys: linkKeys(links.keys, within(written, 'links', 'keys'), report) } },
    ...proxy && {
      proxy: {
        header: proxy.header.toLowerCase(),
        right: proxy.right ?? rightPreset,
        cameras: knownCameras(proxy.cameras, within(written, 'proxy', 'cameras'), 'server.auth.proxy', context)
      }
    }
  }
}

/** The value of a key `cameras` below `path`: all, which is the default, or ids. Reports those that are not in the file. */
export function knownCameras (ids: 'all' | string[] = 'all', written: Value, path: string, { cameras, report }: Pick<AuthContext, 'cameras' | 'report'>): 'all' | ReadonlySet<string> {
  if (ids === 'all') return ids
  for (const [index, id] of ids.entries()) {
    if (!cameras.includes(id)) report(itemAt(written, index), `${path}.cameras: there is no camera ${quote(id)}${didYouMean(id, cameras) || `; there are ${cameras.slice(0, 10).join(', ')}${cameras.length > 10 ? ' …' : ''}`}`)
  }
  return new Set(ids)
}

/** One key takes the place of another, so the two must differ: a secret that leaked would stay good under the other's name. */
function linkKeys (keys: ReadonlyMap<string, string | undefined>, written: Value, report: Report): ReadonlyMap<string, string> {
  const [[first, secret] = [], [second, other] = []] = [...keys]
  if (first !== undefined && second !== undefined && secret !== undefined && secret === other) {
    report(within(written, second).at, `server.auth.links.keys.${second}: this is the secret of ${first}, too, so changing from one key to the other changes nothing; write a new secret, such as openssl rand -hex 32 prints`)
  }
  return new Map([...keys].map(([kid, secret]) => [kid, secret ?? '']))
}

function buildJwt ({ secret, key, jwks, issuer, audience, cookie, claims }: NonNullable<AuthKeys['jwt']>, written: Value, report: Report): JwtSettings {
  const given = (['secret', 'key', 'jwks'] as const).filter(name => written.kind === 'map' && written.entries.has(name))
  if (given.length === 0) report(written.at, 'server.auth.jwt: one of secret, key and jwks is missing: without it nobody can tell whether a token is genuine')
  if (given.length > 1) report(within(written, given[1]!).at, `server.auth.jwt: ${given.join(' and ')} exclude each other; keep the one that the signer uses`)
  const signer = secret !== undefined ? { secret } : key !== undefined ? { pem: key } : { jwks: jwks ?? '' }
  const isRead = (secret ?? key ?? jwks) !== undefined
  if (given.length === 1 && isRead) checkKey(signer, within(written, given[0]!).at, report)
  if (cookie !== undefined && isSessionCookieName(cookie)) {
    report(within(written, 'cookie').at, `server.auth.jwt.cookie: camgate's own page keeps its session in a cookie called ${cookie}, and a login there would replace the token; choose another name, such as camgate_token`)
  }
  return {
    key: signer,
    ...issuer !== undefined && { issuer },
    ...audience !== undefined && { audience },
    ...cookie !== undefined && { cookie },
    claims: { ...claimPresets, ...claims }
  }
}

function checkKey (key: JwtSettings['key'], at: At, report: Report): void {
  try {
    signingKey(key)
  } catch (error) {
    if (!(error instanceof CamgateError)) throw error
    report(at, error.message)
  }
}
