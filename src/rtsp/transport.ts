/** The lower transport of RTP, as RFC 2326 section 12.39 calls it: interleaved in the RTSP connection, or datagrams. */
export type LowerTransport = 'tcp' | 'udp'

/** One transport that a client offers in SETUP. */
export type TransportOffer =
  | { kind: 'tcp'; channels: readonly [rtp: number, rtcp: number] }
  | { kind: 'udp'; clientPorts: readonly [rtp: number, rtcp: number] }

/** The transport in a server's answer to SETUP. Missing and invalid parameters are undefined. */
export interface TransportAnswer {
  kind: LowerTransport | undefined
  /** Whether packets are sent to a multicast group, whatever was asked for. */
  multicast: boolean
  /** The server's choice, which may differ from what was asked for. */
  channels: readonly [rtp: number, rtcp: number] | undefined
  serverPorts: readonly [rtp: number, rtcp: number] | undefined
  /** Where packets come from, if not from the address of the connection. */
  source: string | undefined
}

/** The unicast offers of a Transport header, in the client's order. Skips those that camgate cannot carry. */
export function parseTransport (header: string): TransportOffer[] {
  return header.split(',').flatMap<TransportOffer>(offer => {
    const parameters = parametersOf(offer)
    if (parameters.has('multicast')) return []
    switch (profileOf(offer)) {
      case 'RTP/AVP/TCP': {
        const channels = pairOf(parameters, 'interleaved', CHANNELS) ?? [0, 1]
        return [{ kind: 'tcp', channels }]
      }
      case 'RTP/AVP':
      case 'RTP/AVP/UDP': {
        const clientPorts = pairOf(parameters, 'client_port', PORTS)
        return clientPorts ? [{ kind: 'udp', clientPorts }] : []
      }
      default: return []
    }
  })
}

/** The Transport header of a SETUP. It has one offer because some cameras misread a list. */
export const offerTransport = (offer: TransportOffer): string => offer.kind === 'tcp'
  ? `RTP/AVP/TCP;unicast;interleaved=${offer.channels.join('-')}`
  : `RTP/AVP;unicast;client_port=${offer.clientPorts.join('-')}`

/** The Transport header of the answer: the accepted offer, with the server's ports for UDP and the stream's SSRC. */
export function formatTransport (agreed: TransportOffer, ssrc: number, serverPorts?: readonly [number, number]): string {
  const server = agreed.kind === 'udp' && serverPorts ? `;server_port=${serverPorts.join('-')}` : ''
  return `${offerTransport(agreed)}${server};ssrc=${ssrc.toString(16).padStart(8, '0').toUpperCase()}`
}

/** Reads the Transport header of the answer; of several transports, the first one. */
export function readTransport (header: string): TransportAnswer {
  const [answer = ''] = header.split(',')
  const parameters = parametersOf(answer)
  const channels = pairOf(parameters, 'interleaved', CHANNELS)
  const [source] = /^[\w.:%-]{1,255}$/.exec(parameters.get('source')?.replace(/^\[(.*)\]$/, '$1') ?? '') ?? []
  return {
    kind: channels || profileOf(answer).endsWith('/TCP') ? 'tcp' : profileOf(answer).startsWith('RTP/') ? 'udp' : undefined,
    multicast: parameters.has('multicast'),
    channels,
    serverPorts: pairOf(parameters, 'server_port', PORTS),
    source
  }
}

type Range = readonly [min: number, max: number]
const CHANNELS: Range = [0, 255]
const PORTS: Range = [1, 65_535]

const profileOf = (transport: string): string => transport.split(';', 1)[0]!.trim().toUpperCase()

/** The parameters after the profile, by lower-case name. */
const parametersOf = (transport: string): Map<string, string> => new Map(transport.split(';').slice(1).map(part => {
  const [, name = '', value = ''] = /^([^=]*)(?:=(.*))?$/s.exec(part)!
  return [name.trim().toLowerCase(), value.trim().replace(/^"(.*)"$/, '$1')]
}))

/** `name=a-b`, or `name=a` for a and the one after it. */
function pairOf (parameters: Map<string, string>, name: string, [min, max]: Range): [number, number] | undefined {
  const match = /^(\d{1,5})(?:\s*-\s*(\d{1,5}))?$/.exec(parameters.get(name) ?? '')
  if (!match) return undefined
  const first = Number(match[1])
  const second = match[2] === undefined ? first + 1 : Number(match[2])
  return [first, second].every(number => number >= min && number <= max) ? [first, second] : undefined
}
