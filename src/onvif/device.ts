import type { Clock } from '../clock.js'
import type { Credentials } from '../credentials.js'
import { CamgateError } from '../errors.js'
import type { AuthorizerOptions } from '../http-auth/authorizer.js'
import { HttpClient } from '../http-client/http-client.js'
import type { HttpAnswer } from '../http-client/http-connection.js'
import { HttpRefusal } from '../http-client/http-answer.js'
import type { CameraAddress } from '../ingest/address.js'
import { find, type XmlElement } from '../xml/element.js'
import { clockOf } from './answers.js'
import { envelope, readAnswer, SERVICES, usernameToken, type Service } from './soap.js'
import { SoapFault } from './soap-fault.js'

/** For one request with its whole answer. */
const CALL_TIMEOUT_MS = 5_000
/** Profiles of a recorder with 64 channels take about 400 KB. */
const MAX_ANSWER_BYTES = 1_048_576

export interface OnvifDeviceOptions {
  /** Of its device service. No request goes to another host or port. */
  readonly address: CameraAddress
  readonly credentials?: Credentials | undefined
  readonly auth?: AuthorizerOptions | undefined
  readonly clock: Clock
}

/**
 * Sends ONVIF requests to one device, one at a time. Each is sent without a login at first, because the camera's refusal says which kind of login it wants: HTTP
 * Digest, or WS-Security with a time near that of its own clock. So a wrong password is tried once, and after that no more.
 */
export class OnvifDevice {
  readonly #options: OnvifDeviceOptions
  readonly #paths: Record<Service, string>
  #client: { readonly http: HttpClient, readonly ending: AbortController } | undefined
  #turn: Promise<unknown> = Promise.resolve()
  /** How far the camera's clock is ahead, in milliseconds, once WS-Security is known to be wanted. */
  #clockAhead: number | undefined
  #refused: CamgateError | undefined
  #closed = false

  constructor (options: OnvifDeviceOptions) {
    this.#options = options
    const path = pathOf(options.address.url)
    this.#paths = { device: path, media: path, ptz: path }
  }

  /** Whether the camera has refused the password. Every further request then fails without being sent. */
  get isRefused (): boolean { return this.#refused !== undefined }

  /** Sets where a service is found. Of the address, only the path counts: a camera may name one that is reached from elsewhere, or somebody else's. */
  place (service: Service, address: string): void {
    if (URL.canParse(address)) this.#paths[service] = pathOf(new URL(address).href)
  }

  /**
   * Sends `<operation>content</operation>`, and returns the element within the answer's body. Throws ONVIF_REFUSED, SoapFault, ONVIF_ANSWER, XML_SYNTAX, and what
   * `HttpClient` throws. `content` is XML.
   */
  async call (service: Service, operation: string, content = ''): Promise<XmlElement> {
    const mine = this.#turn.then(() => this.#send(service, `<${operation} xmlns="${SERVICES[service]}">${content}</${operation}>`))
    this.#turn = mine.catch(() => {})
    return await mine
  }

  /** Ends every request. Resolves when its socket is closed. */
  async close (): Promise<void> {
    this.#closed = true
    await this.#hangUp()
  }

  async #hangUp (): Promise<void> {
    const client = this.#client
    this.#client = undefined
    client?.ending.abort()
    await client?.http.close()
  }

  async #send (service: Service, body: string): Promise<XmlElement> {
    if (this.#refused) throw this.#refused
    const first = await this.#exchange(service, body)
    const { credentials } = this.#options
    if (!isRefusal(first)) return first
    if (first instanceof HttpRefusal || !credentials) throw this.#refuse()
    if (this.#clockAhead !== undefined) {
      this.#clockAhead = undefined // it was accepted before: the user may not do this, or somebody has set the camera's clock
      throw first
    }
    this.#clockAhead = await this.#readClock()
    const second = await this.#exchange(service, body)
    if (isRefusal(second)) throw this.#refuse()
    return second
  }

  #refuse (): CamgateError {
    this.#refused = new CamgateError('ONVIF_REFUSED', this.#options.credentials
      ? 'The camera refuses this username or password for ONVIF. Check both; some cameras have users of their own for ONVIF.'
      : 'The camera asks for a username and password. Give both for this camera.')
    return this.#refused
  }

  /** Cameras answer this without a login. One that does not is taken to be right. */
  async #readClock (): Promise<number> {
    const { clock } = this.#options
    const answer = await this.#exchange('device', `<GetSystemDateAndTime xmlns="${SERVICES.device}"/>`)
    const time = isRefusal(answer) ? undefined : clockOf(find(answer, 'SystemDateAndTime'))
    return time === undefined ? 0 : time - clock.wall()
  }

  /** The answer, or the refusal of a login. */
  async #exchange (service: Service, body: string): Promise<XmlElement | SoapFault | HttpRefusal> {
    const { clock, credentials } = this.#options
    const header = credentials && this.#clockAhead !== undefined ? usernameToken(credentials, clock.wall() + this.#clockAhead) : ''
    let timedOut = false
    const cancel = clock.after(CALL_TIMEOUT_MS, () => {
      timedOut = true
      void this.#hangUp()
    })
    try {
      const client = this.#open()
      const answer = await client.post(this.#paths[service], { 'Content-Type': 'application/soap+xml; charset=utf-8' }, envelope(body, header))
      const text = await textOf(answer)
      if (answer.status === 401) return answer.headers.has('www-authenticate') ? new HttpRefusal(answer) : new SoapFault('', ['NotAuthorized'])
      if (answer.status !== 200 && !text.includes('Envelope')) throw new HttpRefusal(answer)
      return readAnswer(text)
    } catch (error) {
      if (timedOut) throw new CamgateError('HTTP_SILENT', 'the camera does not answer')
      if (error instanceof SoapFault && error.refusesLogin) return error
      throw error
    } finally {
      cancel()
    }
  }

  #open (): HttpClient {
    if (this.#closed) throw new CamgateError('HTTP_CLOSED', 'the connection is no longer needed')
    if (!this.#client) {
      const ending = new AbortController()
      this.#client = { http: new HttpClient(this.#options, ending.signal), ending }
    }
    return this.#client.http
  }
}

const isRefusal = (answer: XmlElement | SoapFault | HttpRefusal): answer is SoapFault | HttpRefusal => answer instanceof CamgateError

/** The path and query of a URL; ONVIF's usual path if it has none. */
function pathOf (url: string): string {
  const rest = url.replace(/^[a-z]+:\/\/[^/?#]*/i, '').replace(/#.*$/s, '')
  return rest === '' || rest === '/' ? '/onvif/device_service' : rest.startsWith('/') ? rest : `/${rest}`
}

async function textOf (answer: HttpAnswer): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of answer.body) {
    chunks.push(chunk)
    if ((bytes += chunk.length) > MAX_ANSWER_BYTES) {
      answer.cut()
      throw new CamgateError('HTTP_LIMIT', 'its answer has no end')
    }
  }
  return Buffer.concat(chunks).toString()
}
