import type { DescribedDevice } from '../../discovery/describe.js'
import { camerasOf } from '../../discovery/yaml.js'
import { readAddress, type Login } from '../../importers/address.js'
import { nameFrom, type ImportedKeys } from '../../importers/imported.js'
import { Template } from '../../importers/template.js'

/** The cameras of devices that were found; with words for each device that shows none. What a device sends is literal, whatever it contains. */
export function keysOfFound (devices: readonly DescribedDevice[], login: Login): { cameras: ImportedKeys[], problems: string[] } {
  const problems = devices.flatMap(({ address, name, problem, channels }) => channels.length > 0 ? [] : [`${address}${name && ` (${nameFrom(name)})`}: ${problem ?? 'It shows no picture.'}`])
  const cameras = camerasOf(devices).flatMap(({ name, address, url, substream, onvif }): ImportedKeys[] => {
    const keys = readAddress(url)
    if ('problem' in keys) {
      problems.push(`${address}: ${keys.problem}`)
      return []
    }
    const small = substream === undefined ? undefined : readAddress(substream)
    const { username, password } = login
    return [{
      name: nameFrom(name),
      source: keys.source,
      ...small && 'source' in small && typeof small.source === 'string' && { substream: small.source },
      ...username !== undefined && { username },
      ...password !== undefined && { password },
      ...onvif !== undefined && { onvif: new Template().show(onvif) }
    }]
  })
  return { cameras, problems }
}
