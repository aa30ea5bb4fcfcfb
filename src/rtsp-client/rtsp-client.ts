import { CamgateError } from '../errors.js'
import { quotable } from '../text/redact.js'
import type { Authorizer } from '../http-auth/authorizer.js'
import type { RtspResponse } from '../rtsp/message.js'
import type { HeaderList } from '../rtsp/serialize.js'
import { shouldRetry } from '../http-auth/retry.js'
import type { RtspRequestToSend, RtspConnection } from './rtsp-connection.js'

const MAX_REASON_CHARS = 64

/** The camera refused a request. `status` is the RTSP status code, RFC 2326 section 7.1.1. */
export class RtspRefusal extends CamgateError {
  readonly method: string
  readonly status: number

  constructor (method: string, { status, reason }: RtspResponse) {
    super('RTSP_REFUSED', `the camera answers ${method} with ${status}${reason && ` ${quotable(reason, MAX_REASON_CHARS)}`}`)
    this.method = method
    this.status = status
  }
}

/** Returns a successful answer. Throws RtspRefusal for any other. */
export function accepted (method: string, answer: RtspResponse): RtspResponse {
  if (answer.status < 200 || answer.status > 299) throw new RtspRefusal(method, answer)
  return answer
}

/** Sends requests over one connection, and logs in if the camera asks for it. */
export class RtspClient {
  readonly #connection: RtspConnection
  readonly #authorizer: Authorizer
  #session: string | undefined

  constructor (connection: RtspConnection, authorizer: Authorizer) {
    this.#connection = connection
    this.#authorizer = authorizer
  }

  /**
   * Puts the next requests into the session that this answer names, unless they are in one already. Some cameras name it only in answer to
   * PLAY (bluenviron/mediamtx issues 822, 840). Returns the session's timeout in seconds; undefined if the answer has none.
   */
  enterSession (answer: RtspResponse): number | undefined {
    const [id = '', ...parameters] = (answer.headers.get('session')?.[0] ?? '').split(';').map(part => part.trim())
    if (id) this.#session ??= id
    const timeout = Number(/^timeout\s*=\s*(\d{1,6})/i.exec(parameters.find(part => /^timeout/i.test(part)) ?? '')?.[1])
    return timeout > 0 ? timeout : undefined
  }

  /** Resolves with the answer, whatever its status, after a login if the camera asks for one. Throws NO_PROOF or DOWNGRADE if we cannot or will not log in. */
  async ask (method: string, url: string, headers: HeaderList = {}, timeoutMs?: number): Promise<RtspResponse> {
    for (;;) {
      const answer = await this.#authorizer.track(() => this.#connection.request(this.request(method, url, headers), timeoutMs))
      if (answer.status !== 401 || !shouldRetry(this.#authorizer, answer.headers.get('www-authenticate') ?? [])) return answer
    }
  }

  /** Resolves with a successful answer. Throws RtspRefusal for any other. */
  async demand (method: string, url: string, headers: HeaderList = {}): Promise<RtspResponse> {
    return accepted(method, await this.ask(method, url, headers))
  }

  /** Makes a request ready to send. The session's id goes without its `;timeout=`, which some cameras take as part of it. */
  request (method: string, url: string, headers: HeaderList = {}): RtspRequestToSend {
    const authorization = this.#authorizer.header({ method, url })
    return {
      method,
      url,
      headers: { ...headers, ...this.#session !== undefined && { Session: this.#session }, ...authorization !== undefined && { Authorization: authorization } }
    }
  }
}
