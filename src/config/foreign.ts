import { smallestFile } from './schema.js'

/** Top-level keys that identify other programs' files. */
const programs: Array<[name: string, keys: readonly string[]]> = [
  ['Frigate', ['mqtt', 'detectors', 'go2rtc', 'birdseye']],
  ['go2rtc', ['streams']],
  ['MediaMTX', ['paths', 'pathDefaults']]
]

/** Lines that identify files that are not a YAML map. */
const lines: Array<[name: string, sign: RegExp]> = [
  ['a configuration of Motion or motionEye', /^(netcam_url|netcam_userpass|videodevice|mmalcam_name)[ \t]/m],
  ['a Python script', /^(import |from \w+ import |[A-Za-z_]\w*[ \t]*=[ \t]*[[{("'])/m]
]

const looksLike = (name: string) => `this looks like ${name}. camgate import FILE makes a cameras.yaml of it; the form is\n${smallestFile}`

/** The message for a file of another program, recognised by its top-level keys; undefined for any other file. */
export function foreignMap (keys: readonly string[]): string | undefined {
  const [name] = programs.find(([, known]) => keys.some(key => known.includes(key))) ?? []
  return name && looksLike(`a configuration of ${name}`)
}

/** The same for text that is not a YAML map. */
export function foreignText (text: string): string | undefined {
  const [name] = lines.find(([, sign]) => sign.test(text)) ?? []
  return name && looksLike(name)
}
