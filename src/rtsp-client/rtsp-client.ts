import { CamgateError } from '../errors.js'
import { quotable } from '../redact.js'
import type { Authorizer } from '../http-auth/authorizer.js'
import type { RtspResponse } from '../rtsp/message.js'
import type { HeaderList } from '../rtsp/serialize.js'
import { worthAnother } from '../http-auth/retry.js'
import type { RtspRequestToSend, RtspConnection } from './rtsp-connection.js'

/** Characters of the camera's own words. */
const LONGEST_REASON = 64

/** The camera said no; `status` is RTSP's, RFC 2326 section 7.1.1. */
export class RtspRefusal extends CamgateError {
  readonly method: string
  readonly status: number

  constructor (method: string, { status, reason }: RtspResponse) {
    super('RTSP_REFUSED', `the camera answers ${method} with ${status}${reason && ` ${quotable(reason, LONGEST_REASON)}`}`)
    this.method = method
    this.status = status
  }
}

/** The answer, when it is a good one. Throws RtspRefusal for any other. */
export function accepted (method: string, answer: RtspResponse): RtspResponse {
  if (answer.status < 200 || answer.status > 299) throw new RtspRefusal(method, answer)
  return answer
}

/** Requests over one connection, with proof of who we are where the camera asks for it. */
export class RtspClient {
  readonly #wire: RtspConnection
  readonly #authorizer: Authorizer
  #session: string | undefined

  constructor (wire: RtspConnection, authorizer: Authorizer) {
    this.#wire = wire
    this.#authorizer = authorizer
  }

  /**
   * Requests belong to the session that this answer names from now on, unless they belong to one already. Some cameras name it in answer to
   * PLAY alone (bluenviron/mediamtx issues 822, 840). Returns the session's timeout in seconds; undefined if the answer names none.
   */
  enter (answer: RtspResponse): number | undefined {
    const [id = '', ...parameters] = (answer.headers.get('session')?.[0] ?? '').split(';').map(part => part.trim())
    if (id) this.#session ??= id
    const timeout = Number(/^timeout\s*=\s*(\d{1,6})/i.exec(parameters.find(part => /^timeout/i.test(part)) ?? '')?.[1])
    return timeout > 0 ? timeout : undefined
  }

  /** Resolves with the answer, whatever it is, save that challenges are answered as long as it makes sense. Throws NO_PROOF or DOWNGRADE where they are not. `within`: milliseconds. */
  async ask (method: string, url: string, headers: HeaderList = {}, within?: number): Promise<RtspResponse> {
    for (;;) {
      const answer = await this.#authorizer.noting(() => this.#wire.request(this.request(method, url, headers), within))
      if (answer.status !== 401 || !worthAnother(this.#authorizer, answer.headers.get('www-authenticate') ?? [])) return answer
    }
  }

  /** Resolves with a good answer. Throws RtspRefusal for any other. */
  async demand (method: string, url: string, headers: HeaderList = {}): Promise<RtspResponse> {
    return accepted(method, await this.ask(method, url, headers))
  }

  /** A request that is ready to send. The session's id goes without its `;timeout=`, which some cameras take for a part of it. */
  request (method: string, url: string, headers: HeaderList = {}): RtspRequestToSend {
    const authorization = this.#authorizer.header({ method, url })
    return {
      method,
      url,
      headers: { ...headers, ...this.#session !== undefined && { Session: this.#session }, ...authorization !== undefined && { Authorization: authorization } }
    }
  }
}
