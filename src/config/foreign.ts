import { smallestFile } from './schema.js'

/** Top-level keys that identify the files of other programs. */
const programs: Array<[name: string, keys: readonly string[]]> = [
  ['Frigate', ['mqtt', 'detectors', 'go2rtc', 'birdseye']],
  ['go2rtc', ['streams']],
  ['MediaMTX', ['paths', 'pathDefaults']]
]

/** Lines that identify files which are not a YAML map. */
const lines: Array<[name: string, sign: RegExp]> = [
  ['a configuration of motionEye', /^(netcam_url|netcam_userpass|videodevice|mmalcam_name)[ \t]/m],
  ['a Python script', /^(import |from \w+ import |[A-Za-z_]\w*[ \t]*=[ \t]*[[{("'])/m]
]

const looksLike = (name: string) => `this looks like ${name}, which camgate does not read. docs/migrating.md shows what becomes of it; the form is\n${smallestFile}`

/** Why a file with these top-level keys cannot be used: it is another program's. Undefined if it is not recognised. */
export function foreignMap (keys: readonly string[]): string | undefined {
  const [name] = programs.find(([, known]) => keys.some(key => known.includes(key))) ?? []
  return name && looksLike(`a configuration of ${name}`)
}

/** The same for a text that is not a YAML map. */
export function foreignText (text: string): string | undefined {
  const [name] = lines.find(([, sign]) => sign.test(text)) ?? []
  return name && looksLike(name)
}
