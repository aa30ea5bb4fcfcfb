import type { Clock } from '../clock.js'
import { CamgateError } from '../errors.js'
import { Authorizer, type AuthorizerOptions } from '../http-auth/authorizer.js'
import type { Credentials } from '../credentials.js'
import { hostHeader, MAX_REDIRECTS, redirected, type CameraAddress } from '../ingest/address.js'
import { ANSWER_TIMEOUT_MS } from '../ingest/connect.js'
import { unlessAborted } from '../ingest/unless-aborted.js'
import { CookieJar } from './cookie-jar.js'
import { HttpConnection, type HttpAnswer } from './http-connection.js'
import { headerOf } from './http-head.js'
import { shouldRetry } from '../http-auth/retry.js'

const REDIRECT_STATUSES = new Set([301, 302, 303, 307, 308])
const PERMANENT_STATUSES = new Set([301, 308])
/** An unwanted body up to this size is read, so that its connection can be used again. */
const MAX_DRAINED_BYTES = 65_536
/** Errors that only mean a reused connection is stale: the camera has closed it, or sent extra bytes after its last answer. */
const STALE_CODES = new Set(['ECONNRESET', 'EPIPE', 'HTTP_SYNTAX'])

export interface HttpClientOptions {
  readonly address: CameraAddress
  readonly credentials?: Credentials | undefined
  /** A bearer token for another camgate, sent with every request in place of a login. */
  readonly token?: string | undefined
  readonly auth?: AuthorizerOptions | undefined
  readonly clock: Clock
}

type HeaderList = Readonly<Record<string, string>>

/** The body has one character per byte. */
interface Request { readonly method: 'GET' | 'POST', readonly headers: HeaderList, readonly body: string }

/** Sends one request at a time to one camera, over one connection for as long as the camera keeps it open. Logs in if the camera asks for it. */
export class HttpClient {
  readonly #clock: Clock
  readonly #hasSecret: boolean
  readonly #token: string | undefined
  readonly #ending: AbortSignal
  readonly #authorizer: Authorizer
  readonly #cookies = new CookieJar()
  #home: CameraAddress
  /** The address of the current request. */
  #address: CameraAddress
  #connection: HttpConnection | undefined

  constructor ({ address, credentials, token, auth, clock }: HttpClientOptions, ending: AbortSignal) {
    this.#home = this.#address = address
    this.#hasSecret = credentials !== undefined || token !== undefined
    this.#token = token
    this.#authorizer = new Authorizer(credentials, auth)
    this.#clock = clock
    this.#ending = ending
  }

  /**
   * Logs in and follows redirects; after a permanent one, later requests start at its target. Resolves with the answer, whatever its status,
   * before its body is read: read that before the next request. Throws the socket's error (`ECONNREFUSED` …), HTTP_SYNTAX, HTTP_LIMIT,
   * ETIMEDOUT or HTTP_SILENT after 8 s, WRONG_PROTOCOL, NO_PROOF, DOWNGRADE, BAD_REDIRECT.
   */
  async get (headers: HeaderList): Promise<HttpAnswer> {
    this.#address = this.#home
    return await this.#follow({ method: 'GET', headers, body: '' }, () => { this.#home = this.#address })
  }

  /** The same for a POST to another path of the same server. A redirect gets the same request again. */
  async post (path: string, headers: HeaderList, body: string): Promise<HttpAnswer> {
    this.#address = { ...this.#home, url: this.#home.url.replace(/^([a-z]+:\/\/[^/?#]*).*$/is, (_, server: string) => server + path) }
    return await this.#follow({ method: 'POST', headers, body: Buffer.from(body).toString('latin1') }, () => {})
  }

  async #follow (request: Request, moved: () => void): Promise<HttpAnswer> {
    for (let redirects = 0; ;) {
      const answer = await this.#authorizer.track(() => this.#ask(request))
      const location = headerOf(answer, 'location')
      this.#cookies.take(answer.headers.get('set-cookie') ?? [])
      if (answer.status === 401) {
        if (this.#token !== undefined || !this.#logsIn(answer.headers.get('www-authenticate') ?? [])) return answer
      } else if (REDIRECT_STATUSES.has(answer.status) && location !== undefined && redirects++ < MAX_REDIRECTS) {
        this.#address = redirected(this.#address, absolute(location, this.#address), this.#hasSecret, this.#connection!)
        if (redirects === 1 && PERMANENT_STATUSES.has(answer.status)) moved()
      } else {
        return answer
      }
      await this.drain(answer)
    }
  }

  /** Reads and discards a body. Resolves when the connection is free or closed. */
  async drain (answer: HttpAnswer): Promise<void> {
    let bytes = 0
    const cancel = this.#clock.after(ANSWER_TIMEOUT_MS, () => answer.cut())
    try {
      for await (const chunk of answer.body) if ((bytes += chunk.length) > MAX_DRAINED_BYTES) answer.cut()
    } catch {
      // The connection is broken. The next request notices that and opens another.
    } finally {
      cancel()
    }
    this.#ending.throwIfAborted()
  }

  /** Resolves when every socket is closed. */
  async close (): Promise<void> {
    await this.#connection?.close()
  }

  #logsIn (offered: readonly string[]): boolean {
    if (offered.length > 0 && offered.every(challenge => /^bearer\b/i.test(challenge))) {
      throw new CamgateError('NO_PROOF', 'What answers asks for a token. Write it beside the address: source: { type: http, url: …, token: … }.')
    }
    return shouldRetry(this.#authorizer, offered)
  }

  /** Uses the open connection if that works, otherwise a new one. */
  async #ask (request: Request): Promise<HttpAnswer> {
    const kept = this.#connection
    if (kept?.free && isSamePort(kept.address, this.#address)) {
      try {
        return await kept.ask(this.#textOf(request))
      } catch (error) {
        this.#ending.throwIfAborted()
        if (!STALE_CODES.has((error as NodeJS.ErrnoException).code ?? '')) throw error
      }
    }
    await kept?.close()
    this.#ending.throwIfAborted()
    const connection = this.#connection = await unlessAborted(this.#ending, HttpConnection.open(this.#address, this.#clock, this.#ending))
    try {
      return await connection.ask(this.#textOf(request))
    } catch (error) {
      this.#ending.throwIfAborted()
      throw error
    }
  }

  #textOf ({ method, headers, body }: Request): string {
    const path = pathOf(this.#address)
    const authorization = this.#token === undefined ? this.#authorizer.header({ method, url: path }) : `Bearer ${this.#token}`
    const cookie = this.#cookies.header
    const lines = Object.entries({
      Host: hostHeader(this.#address),
      'User-Agent': 'camgate',
      'Accept-Encoding': 'identity',
      Connection: 'keep-alive',
      ...method === 'POST' && { 'Content-Length': String(body.length) },
      ...headers,
      ...cookie !== undefined && { Cookie: cookie },
      ...authorization !== undefined && { Authorization: authorization }
    }).map(([name, value]) => `${name}: ${value}`)
    const head = [`${method} ${path} HTTP/1.1`, ...lines, '', ''].join('\r\n')
    if (/[^\r\n\x20-\xff]/.test(head) || head.split('\n').length !== lines.length + 3) throw new CamgateError('HTTP_SYNTAX', 'a request may contain only lines of bytes')
    return head + body
  }
}

const isSamePort = (one: CameraAddress, other: CameraAddress): boolean => one.host === other.host && one.port === other.port && one.tls === other.tls

/** The URL after its host, exactly as written, because Digest covers it. */
function pathOf ({ url }: CameraAddress): string {
  const rest = url.replace(/^[a-z]+:\/\/[^/?#]*/i, '').replace(/#.*$/s, '')
  return rest.startsWith('/') ? rest : `/${rest}`
}

function absolute (location: string, { url }: CameraAddress): string {
  try {
    return new URL(Buffer.from(location, 'latin1').toString(), url).href
  } catch {
    return '' // `redirected` refuses it
  }
}
