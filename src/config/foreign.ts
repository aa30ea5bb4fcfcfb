import { smallestFile } from './schema.js'

/** Keys at the top of the files of other programs, by which one is recognised. */
const programs: Array<[name: string, keys: readonly string[]]> = [
  ['Frigate', ['mqtt', 'detectors', 'go2rtc', 'birdseye']],
  ['go2rtc', ['streams']],
  ['MediaMTX', ['paths', 'pathDefaults']]
]

/** Lines of files that are no map at all. */
const lines: Array<[name: string, sign: RegExp]> = [
  ['a configuration of motionEye', /^(netcam_url|netcam_userpass|videodevice|mmalcam_name)[ \t]/m],
  ['a Python script', /^(import |from \w+ import |[A-Za-z_]\w*[ \t]*=[ \t]*[[{("'])/m]
]

const looksLike = (name: string) => `this looks like ${name}, which camgate does not read. docs/migrating.md shows what becomes of it; the form is\n${smallestFile}`

/** Names the program that a file with these keys was written for; undefined if none is known. */
export function foreignMap (keys: readonly string[]): string | undefined {
  const [name] = programs.find(([, known]) => keys.some(key => known.includes(key))) ?? []
  return name && looksLike(`a configuration of ${name}`)
}

/** Names what a text that is not a map of YAML was written for; undefined if nothing known. */
export function foreignText (text: string): string | undefined {
  const [name] = lines.find(([, sign]) => sign.test(text)) ?? []
  return name && looksLike(name)
}
