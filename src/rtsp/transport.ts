/** One way to carry RTP that a client offers in SETUP, RFC 2326 section 12.39. */
export type TransportOffer =
  | { kind: 'tcp'; channels: readonly [rtp: number, rtcp: number] }
  | { kind: 'udp'; clientPorts: readonly [rtp: number, rtcp: number] }

/** The unicast offers of a Transport header in the client's order; what we cannot carry is left out. */
export function parseTransport (header: string): TransportOffer[] {
  return header.split(',').flatMap<TransportOffer>(offer => {
    const [profile, ...parameters] = offer.split(';').map(part => part.trim())
    if (parameters.includes('multicast')) return []
    switch (profile?.toUpperCase()) {
      case 'RTP/AVP/TCP': {
        const channels = pairOf(parameters, 'interleaved', 255) ?? [0, 1]
        return [{ kind: 'tcp', channels }]
      }
      case 'RTP/AVP':
      case 'RTP/AVP/UDP': {
        const clientPorts = pairOf(parameters, 'client_port', 65_535)
        return clientPorts ? [{ kind: 'udp', clientPorts }] : []
      }
      default: return []
    }
  })
}

/** The answer: what was agreed, with the server's ports for UDP and the stream's SSRC. */
export function formatTransport (agreed: TransportOffer, ssrc: number, serverPorts?: readonly [number, number]): string {
  const id = `ssrc=${ssrc.toString(16).padStart(8, '0').toUpperCase()}`
  if (agreed.kind === 'tcp') return `RTP/AVP/TCP;unicast;interleaved=${agreed.channels.join('-')};${id}`
  const server = serverPorts ? `server_port=${serverPorts.join('-')};` : ''
  return `RTP/AVP;unicast;client_port=${agreed.clientPorts.join('-')};${server}${id}`
}

/** `name=a-b`, or `name=a` for a and the one after it. */
function pairOf (parameters: string[], name: string, max: number): [number, number] | null {
  const value = parameters.find(parameter => parameter.startsWith(`${name}=`))?.slice(name.length + 1)
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(value ?? '')
  if (!match) return null
  const first = Number(match[1])
  const second = match[2] === undefined ? first + 1 : Number(match[2])
  return first <= max && second <= max ? [first, second] : null
}
