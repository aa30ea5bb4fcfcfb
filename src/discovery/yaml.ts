import { PASSWORD_COMMENT, writtenText, writtenUrl } from '../yaml/written.js'
import type { DescribedDevice } from './describe.js'

const MAX_ID_CHARS = 40

/** One camera of cameras.yaml. Its URLs are without credentials. */
export interface FoundCamera {
  readonly id: string
  readonly name: string
  /** The address of its device. */
  readonly address: string
  readonly url: string
  /** Undefined if camgate cannot read a smaller stream of it. */
  readonly substream: string | undefined
  /** Undefined if it cannot be moved. */
  readonly onvif: string | undefined
}

/** Each picture of the devices as a camera with an id of its own. */
export function camerasOf (devices: readonly DescribedDevice[]): FoundCamera[] {
  const ids = new Set<string>()
  return devices.flatMap(device => device.channels.map(({ main, sub }, index) => {
    const name = (device.name || device.model || `Camera ${device.address}`) + (device.channels.length > 1 ? ` ${index + 1}` : '')
    const base = idOf(name) || idOf(`camera-${device.address}`)
    let id = base
    for (let count = 2; ids.has(id); count++) id = `${base}-${count}`
    ids.add(id)
    return {
      ...{ id, name, address: device.address, url: main.url },
      substream: sub && /^H26[45]$/i.test(sub.codec) ? sub.url : undefined,
      onvif: device.hasPtz ? device.onvif.replace(/\/onvif\/device_service$/, '') : undefined // camgate adds this path
    }
  }))
}

const idOf = (name: string): string => name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^a-z0-9]+/g, '-').slice(0, MAX_ID_CHARS).replace(/^-+|-+$/g, '')

/** The cameras for cameras.yaml, with their password left to the environment; undefined if there are none. */
export function yamlOf (cameras: readonly FoundCamera[], username: string): string | undefined {
  if (cameras.length === 0) return undefined
  return [PASSWORD_COMMENT, 'cameras:', ...cameras.flatMap(({ id, name, url, substream, onvif }) => [
    `  ${id}:`,
    `    name: ${writtenText(name)}`,
    `    source: ${writtenUrl(url)}`,
    ...substream === undefined ? [] : [`    substream: ${writtenUrl(substream)}`],
    `    username: ${writtenText(username)}`,
    '    password: ${CAM_PASSWORD}', // eslint-disable-line no-template-curly-in-string -- as in the file
    ...onvif === undefined ? [] : [`    onvif: ${writtenUrl(onvif)}`]
  ]), ''].join('\n')
}
