import { PASSWORD_COMMENT, writtenText, writtenUrl } from '../yaml/written.js'
import type { DescribedDevice } from './describe.js'

const MAX_ID_CHARS = 40

/** One camera of cameras.yaml. */
export interface FoundCamera {
  readonly id: string
  readonly name: string
  readonly device: DescribedDevice
  readonly channel: DescribedDevice['channels'][number]
}

/** Each picture of the devices as a camera with an id of its own. */
export function camerasOf (devices: readonly DescribedDevice[]): FoundCamera[] {
  const ids = new Set<string>()
  return devices.flatMap(device => device.channels.map((channel, index) => {
    const name = (device.name || device.model || `Camera ${device.address}`) + (device.channels.length > 1 ? ` ${index + 1}` : '')
    const base = idOf(name) || idOf(`camera-${device.address}`)
    let id = base
    for (let count = 2; ids.has(id); count++) id = `${base}-${count}`
    ids.add(id)
    return { id, name, device, channel }
  }))
}

const idOf = (name: string): string => name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^a-z0-9]+/g, '-').slice(0, MAX_ID_CHARS).replace(/^-+|-+$/g, '')

/** The cameras for cameras.yaml, with their password left to the environment; undefined if there are none. */
export function yamlOf (cameras: readonly FoundCamera[], username: string): string | undefined {
  if (cameras.length === 0) return undefined
  return [PASSWORD_COMMENT, 'cameras:', ...cameras.flatMap(({ id, name, device, channel: { main, sub } }) => [
    `  ${id}:`,
    `    name: ${writtenText(name)}`,
    `    source: ${writtenUrl(main.url)}`,
    ...sub && /^H26[45]$/i.test(sub.codec) ? [`    substream: ${writtenUrl(sub.url)}`] : [],
    `    username: ${writtenText(username)}`,
    '    password: ${CAM_PASSWORD}', // eslint-disable-line no-template-curly-in-string -- as in the file
    ...device.hasPtz ? [`    onvif: ${writtenUrl(device.onvif.replace(/\/onvif\/device_service$/, ''))}`] : []
  ]), ''].join('\n')
}
