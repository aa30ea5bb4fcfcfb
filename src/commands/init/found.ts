import type { DescribedDevice } from '../../discovery/describe.js'
import { camerasOf } from '../../discovery/yaml.js'
import { readAddress, type Login } from '../../importers/address.js'
import { nameFrom, type ImportedKeys } from '../../importers/imported.js'
import { Template } from '../../importers/template.js'

/** The cameras of devices that were found; with words for each device that shows none. What a device sends is literal, whatever it contains. */
export function keysOfFound (devices: readonly DescribedDevice[], login: Login): { cameras: ImportedKeys[], problems: string[] } {
  const problems = devices.flatMap(({ address, name, problem, channels }) => channels.length > 0 ? [] : [`${address}${name && ` (${nameFrom(name)})`}: ${problem ?? 'It shows no picture.'}`])
  const cameras = camerasOf(devices).flatMap(({ name, device, channel: { main, sub } }): ImportedKeys[] => {
    const keys = readAddress(main.url)
    if ('problem' in keys) {
      problems.push(`${device.address}: ${keys.problem}`)
      return []
    }
    const small = sub && /^H26[45]$/i.test(sub.codec) ? readAddress(sub.url) : undefined
    const { username, password } = login
    return [{
      name: nameFrom(name),
      source: keys.source,
      ...small && 'source' in small && typeof small.source === 'string' && { substream: small.source },
      ...username !== undefined && { username },
      ...password !== undefined && { password },
      ...device.hasPtz && { onvif: new Template().show(device.onvif.replace(/\/onvif\/device_service$/, '')) }
    }]
  })
  return { cameras, problems }
}
