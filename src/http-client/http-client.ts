import type { Clock } from '../clock.js'
import { CamgateError } from '../errors.js'
import { Authorizer, type AuthorizerOptions } from '../http-auth/authorizer.js'
import type { Credentials } from '../credentials.js'
import { hostHeader, MOST_REDIRECTS, redirected, type CameraAddress } from '../ingest/address.js'
import { ANSWER_WITHIN } from '../ingest/connect.js'
import { CookieJar } from './cookie-jar.js'
import { HttpConnection, type HttpAnswer } from './http-connection.js'
import { headerOf } from './http-head.js'
import { worthAnother } from '../http-auth/retry.js'

const REDIRECTS = new Set([301, 302, 303, 307, 308])
const PERMANENT = new Set([301, 308])
/** Bytes of an answer that is only read so that its connection can be used again. */
const MOST_UNWANTED = 65_536
/** What a connection that was kept may die of, without the camera being at fault: it closed it meanwhile, or there was more behind its last answer. */
const STALE = new Set(['ECONNRESET', 'EPIPE', 'HTTP_SYNTAX'])

export interface HttpClientOptions {
  readonly address: CameraAddress
  readonly credentials?: Credentials | undefined
  readonly auth?: AuthorizerOptions | undefined
  readonly clock: Clock
}

type HeaderList = Readonly<Record<string, string>>

/** One client of one camera: one request at a time, over one connection as long as the camera keeps it, with proof of who we are where it asks for it. */
export class HttpClient {
  readonly #clock: Clock
  readonly #credentials: Credentials | undefined
  readonly #ending: AbortSignal
  readonly #authorizer: Authorizer
  readonly #cookies = new CookieJar()
  #home: CameraAddress
  /** Where the request at hand goes. */
  #address: CameraAddress
  #connection: HttpConnection | undefined

  constructor ({ address, credentials, auth, clock }: HttpClientOptions, ending: AbortSignal) {
    this.#home = this.#address = address
    this.#credentials = credentials
    this.#authorizer = new Authorizer(credentials, auth)
    this.#clock = clock
    this.#ending = ending
  }

  /**
   * Resolves with the answer, its body not read yet, whatever its status: save that challenges are answered, and redirects followed, from then on where they are for ever.
   * The next request may be made when it is read. Throws what the socket says (`ECONNREFUSED` …), HTTP_SYNTAX, HTTP_LIMIT, ETIMEDOUT or
   * HTTP_SILENT after 8 s, WRONG_PROTOCOL, NO_PROOF, DOWNGRADE, BAD_REDIRECT.
   */
  async get (headers: HeaderList): Promise<HttpAnswer> {
    this.#address = this.#home
    for (let redirects = 0; ;) {
      const answer = await this.#authorizer.noting(() => this.#ask(headers))
      const location = headerOf(answer, 'location')
      this.#cookies.take(answer.headers.get('set-cookie') ?? [])
      if (answer.status === 401) {
        if (!worthAnother(this.#authorizer, answer.headers.get('www-authenticate') ?? [])) return answer
      } else if (REDIRECTS.has(answer.status) && location !== undefined && redirects++ < MOST_REDIRECTS) {
        this.#address = redirected(this.#address, absolute(location, this.#address), this.#credentials !== undefined, this.#connection!)
        if (redirects === 1 && PERMANENT.has(answer.status)) this.#home = this.#address
      } else {
        return answer
      }
      await this.drain(answer)
    }
  }

  /** Reads what nobody wants; resolves when the connection is free, or gone. */
  async drain (answer: HttpAnswer): Promise<void> {
    let bytes = 0
    const callOff = this.#clock.after(ANSWER_WITHIN, () => answer.cut())
    try {
      for await (const chunk of answer.body) if ((bytes += chunk.length) > MOST_UNWANTED) answer.cut()
    } catch {
      // Its connection is of no more use, and that shows when it is to be used again.
    } finally {
      callOff()
    }
    this.#ending.throwIfAborted()
  }

  /** Resolves when every socket is closed. */
  async close (): Promise<void> {
    await this.#connection?.close()
  }

  /** Over the connection that there is, if that works; else over a new one. */
  async #ask (headers: HeaderList): Promise<HttpAnswer> {
    const kept = this.#connection
    if (kept?.free && isSameDoor(kept.address, this.#address)) {
      try {
        return await kept.ask(this.#request(headers))
      } catch (error) {
        this.#ending.throwIfAborted()
        if (!STALE.has((error as NodeJS.ErrnoException).code ?? '')) throw error
      }
    }
    await kept?.close()
    this.#ending.throwIfAborted()
    const connection = this.#connection = await HttpConnection.open(this.#address, this.#clock, this.#ending)
    if (this.#ending.aborted) await connection.close()
    this.#ending.throwIfAborted()
    try {
      return await connection.ask(this.#request(headers))
    } catch (error) {
      this.#ending.throwIfAborted()
      throw error
    }
  }

  #request (headers: HeaderList): string {
    const path = pathOf(this.#address)
    const authorization = this.#authorizer.header({ method: 'GET', url: path })
    const cookie = this.#cookies.header
    const lines = Object.entries({
      Host: hostHeader(this.#address),
      'User-Agent': 'camgate',
      'Accept-Encoding': 'identity',
      Connection: 'keep-alive',
      ...headers,
      ...cookie !== undefined && { Cookie: cookie },
      ...authorization !== undefined && { Authorization: authorization }
    }).map(([name, value]) => `${name}: ${value}`)
    const text = [`GET ${path} HTTP/1.1`, ...lines, '', ''].join('\r\n')
    if (/[^\r\n\x20-\xff]/.test(text) || text.split('\n').length !== lines.length + 3) throw new CamgateError('HTTP_SYNTAX', 'A request holds lines of bytes alone.')
    return text
  }
}

const isSameDoor = (one: CameraAddress, other: CameraAddress): boolean => one.host === other.host && one.port === other.port && one.tls === other.tls

/** What stands behind the host, as it was written: Digest proves just that. */
function pathOf ({ url }: CameraAddress): string {
  const rest = url.replace(/^[a-z]+:\/\/[^/?#]*/i, '').replace(/#.*$/s, '')
  return rest.startsWith('/') ? rest : `/${rest}`
}

function absolute (location: string, { url }: CameraAddress): string {
  try {
    return new URL(Buffer.from(location, 'latin1').toString(), url).href
  } catch {
    return '' // no address, says `redirected`
  }
}
