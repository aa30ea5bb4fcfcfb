import type { MapValue, Value } from '../yaml/value.js'
import { readAddress, type AddressKeys, type AddressReading } from './address.js'
import { readStream } from './go2rtc.js'
import type { ForeignFile, Imported, Place } from './imported.js'
import { Template } from './template.js'
import { flagAt, get, openYaml, placeOf, textAt } from './yaml-file.js'

/** An input of Frigate that reads Frigate's own restream, which is go2rtc. The group is the name of the stream. */
const RESTREAM = /^rtsp:\/\/(?:127\.0\.0\.1|localhost):8554\/([^/?#]+)/i

/** `{FRIGATE_NAME}` is the environment's. */
const VARIABLE = /\{(FRIGATE_\w+)\}/g

interface Input { readonly roles: readonly string[], readonly keys: AddressKeys }

/** The cameras of a Frigate config.yml, each with the input for records as its source, and the one for detection as its substream. */
export function importFrigate (file: ForeignFile, imported: Imported): void {
  const map = openYaml(file, imported)
  const cameras = get(map, 'cameras')
  for (const [id, { at, value }] of cameras?.kind === 'map' ? cameras.entries : []) importCamera(id, value, { map, file, imported, place: placeOf(file, { at }) })
  const others = [...map.entries.keys()].filter(key => !['cameras', 'go2rtc', 'version'].includes(key))
  if (others.length > 0) imported.remark({ file: file.path, line: 1 }, `${others.join(', ')}: camgate neither detects nor records`)
}

function importCamera (id: string, camera: Value, { map, file, imported, place }: { map: MapValue, file: ForeignFile, imported: Imported, place: Place }): void {
  const remark = (message: string) => imported.remark(place, `${id}: ${message}`)
  const list = get(get(camera, 'ffmpeg'), 'inputs')
  const inputs = (list?.kind === 'list' ? list.items : []).flatMap((input): Input[] => {
    const keys = readInput(textAt(input, 'path') ?? '', map)
    if (!('problem' in keys)) return [{ roles: rolesOf(get(input, 'roles')), keys }]
    imported.remark(placeOf(file, input), `${id}: ${keys.problem}`)
    return []
  })
  const main = inputs.find(({ roles }) => roles.includes('record')) ?? inputs.find(({ roles }) => !roles.includes('detect')) ?? inputs[0]
  if (!main) return remark('none of its inputs can be read')
  const small = inputs.find(({ roles, keys }) => roles.includes('detect') && keys.source !== main.keys.source)
  const substream = small && substreamFor(main.keys, small.keys)
  if (small && substream === undefined) remark('the input for detection has another user or password than the other, or is not RTSP, so that it cannot be its substream')
  const detect = get(camera, 'detect')
  if (detect?.kind === 'map' && ['width', 'height', 'fps'].some(key => detect.entries.has(key))) {
    imported.remark(placeOf(file, detect), `${id}: the size and rate of detect are for detection; camgate shows the camera's own`)
  }
  const name = textAt(camera, 'friendly_name')
  imported.add(id, { ...name !== undefined && { name }, ...main.keys, ...substream !== undefined && { substream }, ...flagAt(camera, 'enabled') === false && { enabled: false } }, place)
}

/** The camera's address, also of an input that reads it through Frigate's restream. */
function readInput (path: string, map: MapValue): AddressReading {
  const stream = RESTREAM.exec(path)?.[1]
  if (stream === undefined) return readAddress(path, new Template(VARIABLE))
  const value = get(get(get(map, 'go2rtc'), 'streams'), stream)
  if (!value) return { problem: 'it reads a restream that this file does not explain; give the address of the camera itself' }
  const reading = readStream(value, frigateStreams())
  return 'keys' in reading ? reading.keys : { problem: reading.problems.join('; ') }
}

/** In its go2rtc section, Frigate fills in its own variables, too. */
const frigateStreams = () => new Template(/(?:\{(?=FRIGATE_)|\$\{)([A-Za-z_]\w*)(?::[^}]*)?\}/g)

/** Both streams of a camera have the same login. */
function substreamFor (main: AddressKeys, { source, username, password }: AddressKeys): string | undefined {
  return typeof source === 'string' && source.startsWith('rtsp') && username === main.username && password === main.password ? source : undefined
}

function rolesOf (value: Value | undefined): string[] {
  return value?.kind === 'list' ? value.items.flatMap(item => item.kind === 'scalar' ? [item.text] : []) : value?.kind === 'scalar' ? [value.text] : []
}
