import { randomUUID } from 'node:crypto'
import { CamgateError } from '../errors.js'
import { ADDRESSING, DISCOVERY } from '../onvif/ws-discovery.js'
import { percentDecoded } from '../text/percent.js'
import { quotable } from '../text/redact.js'
import { find, findAll, textAt, type XmlElement } from '../xml/element.js'
import { parseXml } from '../xml/parse.js'

/** What a device says of itself when it is asked who is there. Names are for people, on one line; '' if it gives none. */
export interface Announcement {
  /** Identifies the device, whatever address it has: mostly urn:uuid:…. */
  readonly endpoint: string
  readonly name: string
  readonly model: string
  /** The addresses of its device service, as it writes them. They may be wrong, or others than the one it is reached at. */
  readonly services: readonly string[]
}

/** Larger than any real answer, which has to fit into few packets. */
export const MAX_ANSWER_BYTES = 16_384
const MAX_MATCHES = 64
const MAX_NAME_CHARS = 64

/** ONVIF's types of devices. Some cameras answer only when they are asked for the older one, some only for the other. */
const TYPES = ['<d:Types xmlns:dn="http://www.onvif.org/ver10/network/wsdl">dn:NetworkVideoTransmitter</d:Types>', '<d:Types xmlns:tds="http://www.onvif.org/ver10/device/wsdl">tds:Device</d:Types>']

export interface Probe { readonly id: string, readonly message: string }

/** The messages that ask who is there. */
export const newProbes = (): Probe[] => TYPES.map(types => {
  const id = randomUUID()
  return {
    id,
    message: `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="${ADDRESSING}" xmlns:d="${DISCOVERY}">` +
      `<s:Header><a:Action>${DISCOVERY}/Probe</a:Action><a:MessageID>urn:uuid:${id}</a:MessageID><a:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To></s:Header>` +
      `<s:Body><d:Probe>${types}</d:Probe></s:Body></s:Envelope>`
  }
})

/** The video devices that an answer announces; none if it answers something else. Throws XML_SYNTAX. */
export function readAnnouncements (answer: string, probes: readonly Probe[]): Announcement[] {
  if (answer.length > MAX_ANSWER_BYTES) throw new CamgateError('XML_SYNTAX', 'its answer is too long')
  const envelope = parseXml(answer)
  const relatesTo = textAt(envelope, 'Header', 'RelatesTo')
  if (!probes.some(({ id }) => relatesTo.toLowerCase().includes(id))) return []
  return findAll(envelope, 'Body', 'ProbeMatches', 'ProbeMatch').slice(0, MAX_MATCHES).filter(isVideo).map(match => {
    const scopes = wordsAt(match, 'Scopes')
    return { endpoint: textAt(match, 'EndpointReference', 'Address'), name: inScopes(scopes, 'name'), model: inScopes(scopes, 'hardware'), services: wordsAt(match, 'XAddrs') }
  })
}

/** Printers and Windows answer to a probe, too. */
const isVideo = (match: XmlElement): boolean =>
  /NetworkVideo(?:Transmitter|Display|Storage)\b/.test(textAt(match, 'Types')) || wordsAt(match, 'Scopes').some(scope => scope.startsWith('onvif://')) || /\/onvif\//i.test(textAt(match, 'XAddrs'))

const wordsAt = (match: XmlElement, name: string): string[] => (find(match, name)?.text ?? '').split(/\s+/).filter(Boolean)

function inScopes (scopes: readonly string[], kind: string): string {
  const prefix = `onvif://www.onvif.org/${kind}/`
  const scope = scopes.find(text => text.toLowerCase().startsWith(prefix))
  return scope === undefined ? '' : quotable(percentDecoded(scope.slice(prefix.length)), MAX_NAME_CHARS).trim()
}
