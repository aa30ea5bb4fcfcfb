import { servicesOf } from './answers.js'
import type { OnvifDevice } from './device.js'
import { SERVICES, type Service } from './soap.js'
import { SoapFault } from './soap-fault.js'

/** Asks the device where its services are. Old ones know only GetCapabilities. */
export async function findServices (device: OnvifDevice): Promise<Set<Service>> {
  const answer = await device.call('device', 'GetServices', '<IncludeCapability>false</IncludeCapability>').catch(async (error: unknown) => {
    if (!(error instanceof SoapFault)) throw error
    return await device.call('device', 'GetCapabilities', '<Category>All</Category>')
  })
  const addresses = servicesOf(answer)
  const found = (['media', 'ptz'] as const).filter(service => addresses.has(SERVICES[service]))
  for (const service of found) device.place(service, addresses.get(SERVICES[service])!)
  return new Set(found)
}
