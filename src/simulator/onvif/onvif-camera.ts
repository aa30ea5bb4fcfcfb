import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock } from '../../clock.js'
import type { Credentials } from '../../credentials.js'
import { CamgateError } from '../../errors.js'
import { envelope } from '../../onvif/soap.js'
import { find, textAt, type XmlElement } from '../../xml/element.js'
import { parseXml } from '../../xml/parse.js'
import { answerTo, fault, isPreset } from './answers.js'
import { PtzHead } from './head.js'
import { OnvifLogins, type OnvifLogin } from './login.js'
import type { OnvifQuirk } from './quirk.js'

export interface OnvifCameraOptions {
  readonly name: string
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  readonly login: OnvifLogin
  readonly credentials: Credentials
  readonly quirks: ReadonlySet<OnvifQuirk>
  readonly clock: Clock
  readonly mainUrl: string
  readonly subUrl: string
}

const CLOCK_ERROR_MS = 3 * 3_600_000
const SLOW_ANSWER_MS = 1_000
const MAX_REQUEST_BYTES = 65_536
/** What cameras answer without a login. */
const OPEN_OPERATIONS = ['GetSystemDateAndTime', 'GetServices', 'GetCapabilities']

/** The ONVIF services of one camera: SOAP over HTTP, in front of the RTSP addresses that it names. */
export class OnvifCamera {
  readonly head: PtzHead
  readonly logins: OnvifLogins
  /** The operations that it was asked for, in order. */
  readonly asked: string[] = []
  readonly endpoint = `urn:uuid:${randomUUID()}`
  readonly #options: OnvifCameraOptions
  readonly #server: Server
  #port = 0

  constructor (options: OnvifCameraOptions) {
    this.#options = options
    this.head = new PtzHead(options.clock)
    this.logins = new OnvifLogins(options.login, options.credentials, () => this.#now)
    this.#server = createServer((request, response) => { this.#serve(request, response).catch(() => response.destroy()) })
  }

  get quirks (): ReadonlySet<OnvifQuirk> { return this.#options.quirks }
  get name (): string { return this.#options.name }
  /** Where it is reached, without a path. */
  get url (): string { return `http://${this.#options.host}:${this.#port}` }
  /** The addresses in its answers to a probe. */
  get announced (): string[] {
    const own = this.quirks.has('other-interface') ? `http://10.255.255.9:${this.#port}` : this.url
    return (this.quirks.has('several-xaddrs') ? [`http://169.254.1.1:${this.#port}`, `http://[fe80::1]:${this.#port}`, own] : [own]).map(url => `${url}/onvif/device_service`)
  }

  get #now (): number { return this.#options.clock.wall() + (this.quirks.has('clock-off') ? CLOCK_ERROR_MS : 0) }

  /** Throws PORT_BUSY. */
  async open (): Promise<void> {
    this.#server.listen(this.#options.port, this.#options.host)
    await once(this.#server, 'listening').catch((error: unknown) => {
      throw new CamgateError('PORT_BUSY', `Port ${this.#options.port} on ${this.#options.host} is taken by another program.`, { cause: error })
    })
    this.#port = (this.#server.address() as AddressInfo).port
  }

  async close (): Promise<void> {
    this.head.close()
    this.#server.closeAllConnections()
    if (this.#server.listening) await new Promise(resolve => { this.#server.close(resolve) })
  }

  async #serve (request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = ''
    for await (const chunk of request.setEncoding('utf8')) if ((text += String(chunk)).length > MAX_REQUEST_BYTES) throw new Error('too long')
    if (this.quirks.has('slow')) await new Promise<void>(resolve => { this.#options.clock.after(SLOW_ANSWER_MS, resolve) })
    if (this.quirks.has('garbage')) {
      response.end('<html><p>It works & so on')
      return
    }
    const root = parseXml(text)
    const operation = find(root, 'Body')?.children[0]
    if (!operation) return send(response, 400, fault('Sender', 'WellFormed', 'There is no operation'))
    this.asked.push(operation.name)
    const refusal = OPEN_OPERATIONS.includes(operation.name) ? undefined : this.logins.refusal(request, root)
    if (refusal) return send(response, refusal['WWW-Authenticate'] ? 401 : 400, fault('Sender', 'NotAuthorized', 'Sender not authorized'), refusal)
    this.#answer(operation, response)
  }

  #answer (operation: XmlElement, response: ServerResponse): void {
    const { name, mainUrl, subUrl } = this.#options
    const hasPtz = !this.quirks.has('no-ptz')
    const announced = new URL(this.announced[0]!).origin
    const known = !(this.quirks.has('no-get-services') && operation.name === 'GetServices')
    const answer = known ? answerTo(operation.name, { name, hasPtz, announced, mainUrl, subUrl, now: this.#now }, textAt(operation, 'ProfileToken')) : undefined
    if (answer === undefined) return send(response, 500, fault('Receiver', 'ActionNotSupported', 'Optional Action Not Implemented'))
    const preset = textAt(operation, 'PresetToken')
    if (operation.name === 'GotoPreset' && !isPreset(preset)) return send(response, 400, fault('Sender', 'InvalidArgVal', 'There is no such preset'))
    this.#move(operation, preset)
    send(response, 200, answer)
  }

  #move (operation: XmlElement, preset: string): void {
    switch (operation.name) {
      case 'ContinuousMove': {
        const [turn, zoom] = ['PanTilt', 'Zoom'].map(name => find(operation, 'Velocity', name)?.attributes)
        const seconds = Number(/^PT([\d.]+)S$/.exec(textAt(operation, 'Timeout'))?.[1] ?? Infinity)
        return this.head.move([turn?.get('x') ?? 0, turn?.get('y') ?? 0, zoom?.get('x') ?? 0].join(' '), this.quirks.has('ignores-timeout') ? Infinity : seconds)
      }
      case 'Stop': return this.head.stop()
      case 'GotoPreset': return this.head.goTo(preset)
      case 'GotoHomePosition': return this.head.goHome()
    }
  }
}

function send (response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}): void {
  const namespace = ' xmlns:ter="http://www.onvif.org/ver10/error"'
  response.writeHead(status, { 'Content-Type': 'application/soap+xml; charset=utf-8', ...headers }).end(envelope(body).replace('<s:Envelope', `$&${namespace}`))
}
