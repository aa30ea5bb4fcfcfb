import type { MapValue, Value } from '../yaml/value.js'
import { readAddress, type AddressKeys, type AddressReading } from './address.js'
import { type ForeignFile, type Imported } from './imported.js'
import { Template } from './template.js'
import { get, openYaml, placeOf } from './yaml-file.js'

/** Sources of go2rtc that run a program. */
const COMMANDS = new Set(['exec', 'echo', 'expr'])

/** `${NAME}` and `${NAME:default}`, which go2rtc fills in from the environment. */
const go2rtcTemplate = () => new Template(/\$\{([A-Za-z_]\w*)(?::[^}]*)?\}/g)

/** The first source of a stream that camgate can read, as it is written and as keys; or what is wrong with each. */
export function readStream (value: Value | undefined, template: Template): { written: string, keys: AddressKeys } | { problems: string[] } {
  const problems: string[] = []
  for (const written of sourcesOf(value)) {
    const reading = readSource(written, template)
    if (!('problem' in reading)) return { written, keys: reading }
    problems.push(reading.problem)
  }
  return { problems: problems.length > 0 ? problems : ['it has no source: a program publishes to it'] }
}

/** The streams of a go2rtc.yaml. */
export function importGo2rtc (file: ForeignFile, imported: Imported): void {
  const map = openYaml(file, imported)
  takeStreams(get(map, 'streams'), file, imported)
  for (const [key, { at }] of map.entries) {
    if (key !== 'streams') imported.remark(placeOf(file, { at }), `${key}: not taken over: it is not about cameras, and camgate has nothing like it`)
  }
}

function takeStreams (streams: Value | undefined, file: ForeignFile, imported: Imported): void {
  const template = go2rtcTemplate()
  for (const [id, { at, value }] of streams?.kind === 'map' ? streams.entries : []) {
    const place = placeOf(file, { at })
    const reading = readStream(value, template)
    if ('problems' in reading) {
      for (const problem of reading.problems) imported.remark(place, `${id}: ${problem}`)
      continue
    }
    imported.add(id, reading.keys, place)
    const more = sourcesOf(value).filter(written => written !== reading.written && !/^ffmpeg:/i.test(written)).length
    if (more > 0) imported.remark(place, `${id}: a camera has one source in camgate; ${more === 1 ? 'another' : `${more} others`} of this stream ${more === 1 ? 'was' : 'were'} left out`)
    if (sourcesOf(value).some(written => /\${\w+:/.test(written))) imported.remark(place, `${id}: cameras.yaml has no default values for variables: set them in the environment`)
  }
}

/** A stream is one text, a list of them, or a map with a `url`. */
function sourcesOf (value: Value | undefined): string[] {
  if (value?.kind === 'list') return value.items.flatMap(sourcesOf)
  if (value?.kind === 'map') return sourcesOf((value as MapValue).entries.get('url')?.value)
  return value?.kind === 'scalar' && value.text !== '' ? [value.text] : []
}

function readSource (written: string, template: Template): AddressReading {
  const [, kind = '', rest = ''] = /^([a-z0-9]+):(?!\/\/)(.*)$/is.exec(written.trim()) ?? []
  const scheme = kind.toLowerCase()
  if (COMMANDS.has(scheme)) return { problem: `${scheme}: runs a program; camgate runs none for an imported file. If it is yours, write source: { type: exec, command: [program, argument] }` }
  if (scheme === 'ffmpeg' || scheme === 'v4l2') {
    const device = /^device\?(?:.*&)?video=([^&#]+)/.exec(rest)?.[1]
    if (device !== undefined) return { source: { type: 'v4l2', device: template.show(template.hide(/^\d+$/.test(device) ? `/dev/video${device}` : device)) } }
    const [address = ''] = rest.split('#')
    return /^[a-z]+:\/\//i.test(address) ? readAddress(address, template) : { problem: 'ffmpeg: makes it of another stream, which camgate need not have' }
  }
  return readAddress(written.split('#')[0]!, template)
}
