import { distance } from 'fastest-levenshtein'

/** Other programs' words for camgate's keys and values; several, if it depends on the key. */
const synonyms: Record<string, string | readonly string[]> = {
  url: 'source',
  uri: 'source',
  stream: 'source',
  input: 'source',
  address: 'source',
  rtsp: 'source',
  rtspurl: 'source',
  rtsplink: 'source',
  netcamurl: 'source',
  cameraurl: 'source',
  user: 'username',
  login: 'username',
  pass: 'password',
  pwd: 'password',
  secret: 'password',
  rate: 'fps',
  framerate: 'fps',
  title: 'name',
  label: 'name',
  protocol: 'transport',
  lazy: 'onDemand',
  ondemand: 'watched',
  prewarm: 'decode',
  decoding: 'decode',
  rotation: 'rotate',
  orientation: 'rotate',
  transpose: 'rotate',
  mirror: 'flip',
  osd: 'overlay',
  timestamp: 'overlay',
  time: 'clock',
  hwaccelargs: 'hwaccel',
  decoder: 'hwaccel',
  gpu: 'hwaccel',
  nvidia: 'cuda',
  nvdec: 'cuda',
  intel: 'vaapi',
  software: 'none',
  off: ['none', 'watched'],
  no: ['none', 'watched'],
  false: ['none', 'watched'],
  true: ['auto', 'always'],
  yes: ['auto', 'always'],
  on: ['auto', 'always'],
  listen: 'host',
  bind: 'host',
  ip: 'host',
  hostname: 'host',
  tplink: 'tapo',
  kind: 'type',
  camera: 'cameras',
  validate: 'check',
  verify: 'check',
  lint: 'check',
  test: 'check',
  run: 'serve',
  start: 'serve',
  server: 'serve',
  webcams: 'devices',
  simulator: 'simulate',
  default: 'defaults'
}

/** Number of edits from one word to the other. Any order of the same letters counts as one. */
const edits = (a: string, b: string): number =>
  a !== b && [...a].sort().join('') === [...b].sort().join('') ? 1 : distance(a, b)

const plain = (word: string) => word.toLowerCase().replace(/[-_\s]/g, '')

/** The known word that was most likely meant, or undefined if none is near. */
export function nearest (word: string, known: readonly string[]): string | undefined {
  const meant = Object.hasOwn(synonyms, plain(word)) ? [synonyms[plain(word)]].flat() : []
  const synonym = known.find(candidate => meant.includes(candidate))
  if (synonym !== undefined) return synonym
  const [best] = known
    .map(candidate => ({ candidate, distance: edits(plain(word).slice(0, 100), plain(candidate)) }))
    .sort((a, b) => a.distance - b.distance)
  return best && best.distance <= Math.max(1, Math.floor(best.candidate.length / 3)) ? best.candidate : undefined
}

/** The end of a sentence about an unknown word; empty if no known word is near. */
export function didYouMean (word: string, known: readonly string[]): string {
  const near = nearest(word, known)
  return near === undefined ? '' : `; did you mean '${near}'?`
}
