/* eslint-disable no-template-curly-in-string -- the file itself contains ${…} */
import { Type, type Static } from 'typebox'
import { unprintable } from '../text/printable.js'

const closed = { additionalProperties: false }

export const serverPresets = { host: '127.0.0.1', port: 5000 } as const
export const claimPresets = { name: 'sub', right: 'right', cameras: 'cameras' } as const
export const rightPreset = 'view' as const

export const viewers = (description: string) => Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000, description }))

const right = (description: string) => Type.Optional(Type.Union([Type.Literal('view'), Type.Literal('control'), Type.Literal('admin')], { default: rightPreset, description }))

/** `all`, or the ids of cameras. */
export const whichCameras = (description: string) => Type.Optional(Type.Union([
  Type.Literal('all'), Type.Array(Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$', title: 'the id of a camera' }), { minItems: 1, maxItems: 10_000 })
], { title: 'all or a list of ids such as [1, gate]', default: 'all', description }))

const UserSchema = Type.Object({
  password: Type.Optional(Type.String({ description: 'What camgate password prints: a hash, never the password itself. Leave it out for somebody who comes in by a token, a link or a proxy.' })),
  right: right('What the user may do: look (view), start and stop cameras too (control), or everything (admin).'),
  cameras: whichCameras('The cameras that the user may see; to this user the others do not exist.')
}, { ...closed, title: 'a user such as { password: "$scrypt$…", right: control, cameras: [1, gate] }' })

const UsersSchema = Type.Record(Type.String({ pattern: `^[^:${unprintable}]{1,64}$` }), UserSchema, {
  ...closed, minProperties: 1, title: 'a map from name to user', description: 'Who may come in, by name. A link or a proxy that gives one of these names has the right and the cameras of that user, and a token that names no cameras has the cameras.'
})

/** RFC 7518 wants as many bits in a key of HS256 as its hash has, which is 32 bytes. */
const MIN_SECRET_CHARS = 32
const secret = (description: string) => Type.String({ minLength: MIN_SECRET_CHARS, title: `a secret of at least ${MIN_SECRET_CHARS} characters, such as openssl rand -hex 32 prints`, description })

/** The characters of a cookie's or a header's name (RFC 9110, token). */
const TOKEN = "^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$"
const claim = (preset: string, description: string) => Type.Optional(Type.String({ minLength: 1, maxLength: 200, default: preset, description }))

const JwtSchema = Type.Object({
  secret: Type.Optional(secret('The secret that HS256 signs with; better as ${JWT_SECRET} or ${file:/run/secrets/jwt}.')),
  key: Type.Optional(Type.String({ description: 'The public key of the signer for RS256, ES256 or EdDSA: PEM text, best as ${file:/etc/camgate/jwt.pem}.' })),
  jwks: Type.Optional(Type.String({ examples: ['https://login.example.org/jwks.json'], description: 'Where the signer publishes its public keys (JWKS): https, or http on this machine.' })),
  issuer: Type.Optional(Type.String({ minLength: 1, maxLength: 1000, description: 'What the iss of a token must be; anything by default.' })),
  audience: Type.Optional(Type.String({ minLength: 1, maxLength: 1000, description: 'What the aud of a token must be or hold. Without it, tokens that have an aud are refused: they are for another service.' })),
  cookie: Type.Optional(Type.String({ pattern: TOKEN, title: "a cookie's name", description: 'The cookie that may hold a token, beside the Authorization header; none by default.' })),
  claims: Type.Optional(Type.Object({
    name: claim(claimPresets.name, 'The claim with the name.'),
    right: claim(claimPresets.right, 'The claim with view, control or admin, perhaps in a list with other words. A token without it may view.'),
    cameras: claim(claimPresets.cameras, 'The claim with all, or with ids: a list, or text with spaces between. A token without it sees the cameras of the user of its name, and none if there is no such user.')
  }, { ...closed, title: 'a map such as { name: sub, right: right, cameras: cameras }', description: 'The names of the claims that camgate reads.' }))
}, { ...closed, title: 'a map with secret, key or jwks', description: 'Bearer tokens (JWT) of another program, checked by one of secret, key and jwks.' })

const LinksSchema = Type.Object({
  keys: Type.Record(Type.String({ pattern: '^[A-Za-z0-9_-]{1,32}$' }), secret('The secret that signs.'), {
    ...closed, minProperties: 1, maxProperties: 2, title: 'a map from the name of a key to its secret', description: 'One key, or two while you change it: the name is the kid of a link.'
  })
}, { ...closed, title: 'a map such as { keys: { k1: "${CAMGATE_LINK_KEY}" } }', description: 'Signed links to streams and snapshots, for <img>.' })

const ProxySchema = Type.Object({
  header: Type.String({ pattern: TOKEN, title: 'the name of a header such as X-Forwarded-User', description: 'The header in which the proxy gives the name of who asks. It counts from the addresses of trustProxy alone.' }),
  right: right('What somebody may do whose name is not among the users.'),
  cameras: whichCameras('The cameras that somebody may see whose name is not among the users.')
}, { ...closed, title: 'a map such as { header: X-Forwarded-User }', description: 'A proxy in front of camgate that asks for the password itself.' })

const AuthSchema = Type.Object({
  users: Type.Optional(UsersSchema), jwt: Type.Optional(JwtSchema), links: Type.Optional(LinksSchema), proxy: Type.Optional(ProxySchema)
}, { ...closed, minProperties: 1, title: 'a map with users, jwt, links or proxy' })

const list = (item: string, example: string, description: string) => Type.Optional(Type.Array(Type.String({ title: item }), { minItems: 1, maxItems: 100, examples: [example], description }))

const TlsSchema = Type.Union([
  Type.Literal('self-signed'),
  Type.Object({
    key: Type.String({ minLength: 1, examples: ['tls/key.pem'], description: 'The private key, a PEM file without a passphrase. A relative path starts at the folder of cameras.yaml.' }),
    cert: Type.String({ minLength: 1, examples: ['tls/fullchain.pem'], description: "The server's certificate, a PEM file, followed by those between it and its authority." }),
    redirectFrom: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535, examples: [80], description: 'A further port, for plain HTTP, that sends browsers to https.' }))
  }, { ...closed, title: 'a map such as { key: key.pem, cert: fullchain.pem }' })
], { description: 'Serves https instead of http: with the key and certificate in these files, which are read again when they change, or, for the first hour, with a self-signed certificate that camgate makes.' })

export const ServerSchema = Type.Object({
  host: Type.Optional(Type.String({
    minLength: 1, default: serverPresets.host, description: 'The address to listen on; 0.0.0.0 means every address, and needs auth. HOST and --host take precedence.'
  })),
  port: Type.Optional(Type.Integer({
    minimum: 0, maximum: 65_535, default: serverPresets.port, description: 'The port to listen on; 0 means any free one. PORT and --port take precedence.'
  })),
  auth: Type.Optional(Type.Union([Type.Literal('none'), AuthSchema], {
    description: 'Who may come in, and by which proof. Without it camgate listens on 127.0.0.1 only. none lets everybody in who reaches it; CAMGATE_AUTH=none says the same.'
  })),
  trustProxy: list('an IP address or a range of them', '[172.18.0.2, 10.0.0.0/8]', 'The addresses of the proxies in front of camgate, whose X-Forwarded headers are believed.'),
  hosts: list('a name such as cams.example.org', '[cams.example.org]', 'Further names by which browsers may call camgate. Addresses, the name of the machine, and names that nobody can register need no line.'),
  origins: list('an origin such as https://app.example.org', '[https://app.example.org]', 'Web pages of other origins that may use the API. CAMGATE_ORIGINS, separated by commas, adds to them.'),
  embed: list('an origin such as https://app.example.org', '[https://app.example.org]', 'The only web pages of other origins that may show pictures; anybody by default.'),
  allowExec: Type.Optional(Type.Boolean({
    default: false, description: 'Whether sources of type exec may run commands. Anybody who can write to this file can then run any program as camgate\'s user.'
  })),
  maxViewers: viewers('How many viewers may watch at one time, all cameras together; no limit by default.'),
  maxViewersPerAddress: viewers('How many viewers may watch from one address at one time; no limit by default. IPv6 addresses count by their first 64 bits.'),
  stateDir: Type.Optional(Type.String({
    minLength: 1, examples: ['/var/lib/camgate'], description: 'The folder for what camgate remembers when it starts again: which cameras people have stopped, and its self-signed certificate. A relative path starts at the folder of cameras.yaml. By default systemd\'s StateDirectory=, or the first of /var/lib/camgate, ~/.local/state/camgate and ./.camgate that can be written to.'
  })),
  tls: Type.Optional(TlsSchema)
}, { ...closed, description: 'Where camgate listens, and who may come in.' })

const { properties: auth } = AuthSchema

/** The keys below `auth`, at any depth. */
export const authKeys = new Set([AuthSchema, UserSchema, auth.jwt, auth.jwt.properties.claims, auth.links, auth.proxy].flatMap(({ properties }) => Object.keys(properties)))

export const tlsKeys = Object.keys(TlsSchema.anyOf[1].properties)

type UserKeys = Static<typeof UserSchema>
/** What `Checker` returns for the map of `auth`: maps with keys that people choose become a Map. */
export type AuthKeys = Omit<Static<typeof AuthSchema>, 'users' | 'links'> & {
  users?: ReadonlyMap<string, UserKeys | undefined>
  links?: { keys: ReadonlyMap<string, string | undefined> }
}
export type ServerKeys = Omit<Static<typeof ServerSchema>, 'auth'> & { auth?: 'none' | AuthKeys }
