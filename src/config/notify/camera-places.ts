import { DEFAULT_PORTS } from '../../text/host-port.js'
import { canonicalHost, isLoopback } from '../../text/host.js'
import type { Camera, LiveCamera } from '../registry.js'

/** Where in the network a camera is read or moved. */
export interface CameraPlace {
  readonly camera: string
  /** As `canonicalHost` spells it. */
  readonly host: string
  readonly port: number
}

const portsByScheme: Readonly<Record<string, number>> = DEFAULT_PORTS

/** A camera has several if its substream or its ONVIF address is elsewhere, and none if it is not in the network. */
export function placesOf ({ id, source, substream, onvif }: Camera | LiveCamera): CameraPlace[] {
  return [source, substream, onvif].flatMap(written => {
    const url = typeof written === 'object' && 'url' in written ? written.url : written
    const place = typeof url === 'string' ? placeIn(url) : undefined
    return place ? [{ camera: id, ...place }] : []
  })
}

/** The host and port of a URL, whose port may be left out. */
export function placeIn (url: string): Omit<CameraPlace, 'camera'> | undefined {
  if (!URL.canParse(url)) return undefined
  const { protocol, hostname, port } = new URL(url)
  return { host: canonicalHost(hostname.replace(/^\[(.*)\]$/, '$1')), port: port === '' ? portsByScheme[protocol] ?? 0 : Number(port) }
}

/** The camera at this host, on whatever port. On loopback, where much else listens, the port counts, too. */
export const cameraAt = (places: readonly CameraPlace[], host: string, port: number): string | undefined =>
  places.find(place => isLoopback(host) ? isLoopback(place.host) && place.port === port : place.host === canonicalHost(host))?.camera
