import { addressOf } from '../ingest/address.js'
import { canonicalHost } from '../text/host.js'

const USUAL_PATH = '/onvif/device_service'

/**
 * The URL for further questions to a device that answered from `address`, always at that address: cameras also announce addresses of other networks, and anybody could
 * announce somebody else's. Port and path are those of the announced URL with this address, else of the first without TLS, else of the first.
 */
export function deviceServiceOf (announced: readonly string[], address: string): string {
  const read = announced.flatMap(url => {
    const service = /^https?:/i.test(url) ? addressOf(url, false) : undefined
    return service ? [service] : []
  })
  const service = read.find(({ host, tls }) => !tls && canonicalHost(host) === address) ?? read.find(({ tls }) => !tls) ?? read[0]
  if (!service) return `http://${address}${USUAL_PATH}`
  const path = /^[a-z]+:\/\/[^/?#]*(\/[\x21\x23-\x26\x28-\x3b\x3d\x3f-\x5b\x5d-\x7e]*)?/i.exec(service.url)?.[1] ?? USUAL_PATH
  const usual = service.tls ? 443 : 80
  return `${service.tls ? 'https' : 'http'}://${address}${service.port === usual ? '' : `:${service.port}`}${path}`
}
