import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { Clock } from '../../clock.js'
import { escapeXml } from '../../xml/escape.js'
import { find, textAt } from '../../xml/element.js'
import { parseXml } from '../../xml/parse.js'
import { envelope } from '../../onvif/soap.js'
import { ADDRESSING, DISCOVERY, DISCOVERY_PORT, MULTICAST_GROUP, ownAddresses } from '../../onvif/ws-discovery.js'
import type { OnvifCamera } from './onvif-camera.js'

/** Each camera waits for up to this long, because all of them answer. */
const MAX_DELAY_MS = 100

/** Answers to WS-Discovery's probes for several cameras on one host, by multicast on all its interfaces, and by unicast. */
export class DiscoveryResponder {
  readonly #cameras: readonly OnvifCamera[]
  readonly #clock: Clock
  readonly #socket: Socket = createSocket({ type: 'udp4', reuseAddr: true })
  readonly #waiting = new Set<() => void>()
  /** How many probes have come. */
  probes = 0

  constructor (cameras: readonly OnvifCamera[], clock: Clock) {
    this.#cameras = cameras
    this.#clock = clock
  }

  get port (): number { return this.#socket.address().port }

  /** Throws the socket's error, such as EADDRINUSE. */
  async open (host = '0.0.0.0', port = DISCOVERY_PORT): Promise<void> {
    this.#socket.bind(port, host)
    await once(this.#socket, 'listening')
    if (host === '0.0.0.0') for (const address of ownAddresses()) this.#socket.addMembership(MULTICAST_GROUP, address)
    this.#socket.on('message', (message, { address, port }) => this.#answer(message.toString(), address, port)).on('error', () => {})
  }

  async close (): Promise<void> {
    for (const cancel of this.#waiting) cancel()
    await new Promise<void>(resolve => { this.#socket.close(() => resolve()) })
  }

  #answer (message: string, address: string, port: number): void {
    const request = parseXml(message)
    const id = textAt(request, 'Header', 'MessageID')
    if (!find(request, 'Body', 'Probe')) return
    this.probes++
    for (const camera of this.#cameras) {
      const count = camera.quirks.has('duplicate-answers') ? 3 : 1
      const cancel = this.#clock.after(MAX_DELAY_MS * Math.random(), () => {
        this.#waiting.delete(cancel)
        for (let sent = 0; sent < count; sent++) this.#socket.send(matches(camera, id), port, address)
      })
      this.#waiting.add(cancel)
    }
  }
}

const matches = ({ announced, name, endpoint }: OnvifCamera, id: string): string => envelope(
  `<d:ProbeMatches xmlns:d="${DISCOVERY}"><d:ProbeMatch><a:EndpointReference xmlns:a="${ADDRESSING}"><a:Address>${endpoint}</a:Address></a:EndpointReference>` +
  '<d:Types xmlns:dn="http://www.onvif.org/ver10/network/wsdl">dn:NetworkVideoTransmitter</d:Types>' +
  `<d:Scopes>onvif://www.onvif.org/type/video_encoder onvif://www.onvif.org/name/${escapeXml(encodeURIComponent(name))} onvif://www.onvif.org/hardware/simulator</d:Scopes>` +
  `<d:XAddrs>${announced.join(' ')}</d:XAddrs><d:MetadataVersion>1</d:MetadataVersion></d:ProbeMatch></d:ProbeMatches>`,
  `<a:RelatesTo xmlns:a="${ADDRESSING}">${escapeXml(id)}</a:RelatesTo><a:Action xmlns:a="${ADDRESSING}">${DISCOVERY}/ProbeMatches</a:Action>`
)
