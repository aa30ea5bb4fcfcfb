import { once } from 'node:events'
import { Agent, request as requestPlain, type ClientRequest, type IncomingMessage } from 'node:http'
import { Agent as TlsAgent, request as requestTls } from 'node:https'
import type { Socket } from 'node:net'
import type { Clock } from '../clock.js'
import { CamgateError } from '../errors.js'
import { Authorizer, type AuthorizerOptions } from '../rtsp/authorizer.js'
import type { Credentials } from '../rtsp/digest.js'
import { redirected, type CameraAddress } from './address.js'
import { ANSWER_WITHIN } from './connect.js'
import { worthAnother } from './proof.js'

const MOST_REDIRECTS = 3
const REDIRECTS = new Set([301, 302, 303, 307, 308])
const PERMANENT = new Set([301, 308])
/** Bytes of an answer that is only read so that its connection can be used again. */
const MOST_UNWANTED = 65_536

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
  readonly #agents = { plain: new Agent({ keepAlive: true }), tls: new TlsAgent({ keepAlive: true }) }
  readonly #authorizer: Authorizer
  #home: CameraAddress
  /** Where the request at hand goes. */
  #address: CameraAddress
  #request: ClientRequest | undefined
  #socket: Socket | undefined

  constructor ({ address, credentials, auth, clock }: HttpClientOptions, ending: AbortSignal) {
    this.#home = this.#address = address
    this.#credentials = credentials
    this.#authorizer = new Authorizer(credentials, auth)
    this.#clock = clock
    this.#ending = ending
  }

  /**
   * Resolves with the answer, its body not read yet, whatever its status: save that challenges are answered, and redirects followed, from then on where they are for ever.
   * The next request may be made when it is read. Throws what the socket or the parser says (`ECONNREFUSED`, `HPE_INVALID_CONSTANT` …), ETIMEDOUT or
   * HTTP_SILENT after 8 s, NO_PROOF, DOWNGRADE, BAD_REDIRECT.
   */
  async get (headers: HeaderList): Promise<IncomingMessage> {
    this.#address = this.#home
    for (let redirects = 0; ;) {
      const answer = await this.#ask(headers)
      const { statusCode = 0, headers: { location } } = answer
      if (statusCode === 401) {
        if (!worthAnother(this.#authorizer, answer.headersDistinct['www-authenticate'] ?? [])) return answer
      } else if (REDIRECTS.has(statusCode) && location !== undefined && redirects++ < MOST_REDIRECTS) {
        this.#address = redirected(this.#address, absolute(location, this.#address), this.#credentials !== undefined)
        if (redirects === 1 && PERMANENT.has(statusCode)) this.#home = this.#address
      } else {
        return answer
      }
      await this.drain(answer)
    }
  }

  /** Reads what nobody wants; resolves when the connection is free, or gone. */
  async drain (answer: IncomingMessage): Promise<void> {
    let bytes = 0
    const callOff = this.#clock.after(ANSWER_WITHIN, () => answer.destroy())
    answer.on('error', () => {}).on('data', (chunk: Buffer) => { if ((bytes += chunk.length) > MOST_UNWANTED) answer.destroy() })
    if (!answer.closed) await new Promise(resolve => { answer.once('close', resolve) })
    callOff()
    this.#ending.throwIfAborted()
  }

  /** Resolves when every socket is closed. */
  async close (): Promise<void> {
    this.#request?.on('error', () => {}).destroy()
    for (const agent of Object.values(this.#agents)) agent.destroy()
    const socket = this.#socket
    if (socket && !socket.closed) await once(socket.on('error', () => {}).destroy(), 'close')
  }

  /** A connection that the camera closes just when it is used again is no failure of the camera's. */
  async #ask (headers: HeaderList): Promise<IncomingMessage> {
    try {
      return await this.#send(headers)
    } catch (error) {
      if (!this.#request?.reusedSocket || !['ECONNRESET', 'EPIPE'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
      return await this.#send(headers)
    }
  }

  async #send (headers: HeaderList): Promise<IncomingMessage> {
    this.#ending.throwIfAborted()
    const { host, port, tls, allowSelfSigned } = this.#address
    const path = pathOf(this.#address)
    const authorization = this.#authorizer.header({ method: 'GET', url: path })
    const request = this.#request = (tls ? requestTls : requestPlain)({
      host,
      port,
      path,
      agent: tls ? this.#agents.tls : this.#agents.plain,
      headers: { 'User-Agent': 'camgate', 'Accept-Encoding': 'identity', ...headers, ...authorization !== undefined && { Authorization: authorization } },
      rejectUnauthorized: !allowSelfSigned,
      insecureHTTPParser: true // what cameras call headers; nothing stands behind us that could take them otherwise
    })
    let answer: IncomingMessage | undefined
    request.once('response', response => { answer = response })
    request.on('error', error => answer?.destroy(inAnswer(error))) // or it would only tell that it was cut off
    request.once('socket', socket => { this.#socket = socket })
    const callOff = this.#clock.after(ANSWER_WITHIN, () => {
      request.destroy(this.#socket?.connecting === false
        ? new CamgateError('HTTP_SILENT', 'the camera does not answer')
        : Object.assign(new Error('the camera takes no connection'), { code: 'ETIMEDOUT' }))
    })
    try {
      request.end()
      const gone = once(request, 'close').then(() => { throw new CamgateError('HTTP_SILENT', 'the camera ends the connection instead of answering') })
      return await Promise.race([once(request, 'response').then(() => answer!), gone])
    } catch (error) {
      this.#ending.throwIfAborted()
      throw error
    } finally {
      callOff()
    }
  }
}

/** Behind the headers the parser has nothing left to judge but chunks (RFC 9112 section 7.1). */
const inAnswer = (error: Error & { code?: string }): Error => error.code?.startsWith('HPE_')
  ? new CamgateError('HTTP_CHUNKS', 'the chunks of its answer (Transfer-Encoding: chunked) are not as long as it says')
  : error

/** What stands behind the host, as it was written: Digest proves just that. */
function pathOf ({ url }: CameraAddress): string {
  const rest = url.replace(/^[a-z]+:\/\/[^/?#]*/i, '').replace(/#.*$/s, '')
  return rest.startsWith('/') ? rest : `/${rest}`
}

function absolute (location: string, { url }: CameraAddress): string {
  try {
    return new URL(location, url).href
  } catch {
    return '' // no address, says `redirected`
  }
}
