import type { Credentials } from '../credentials.js'
import { deviceOf, normalizeSource, type SubstreamSource, type WrittenSource } from '../sources/kinds.js'
import { credentialsProblem } from '../sources/rtsp.js'
import { qscaleOf } from '../sources/quality.js'
import { SourceError } from '../sources/source.js'
import { normalizeUrl } from '../sources/url.js'
import type { At, Report } from '../yaml/diagnostic.js'
import type { MapValue } from '../yaml/value.js'
import type { Camera, Rendition } from './registry.js'
import { cameraPresets, MAX_RENDITIONS, type CameraKeys, type DefaultKeys } from './schema.js'
import { secretsIn } from './secrets.js'

/** One camera's keys and those of `defaults`, with their positions and without invalid values. */
export interface Entry {
  id: string
  at: At
  /** Relative paths start in this folder. */
  folder: string
  /** Whether sources may run commands, or what forbids it. */
  allowExec: 'yes' | 'not in the file' | 'not at the start'
  keys: Partial<CameraKeys>
  defaults: DefaultKeys
  places: MapValue['entries']
  defaultPlaces: MapValue['entries'] | undefined
}

const NO_COMMANDS = {
  'not in the file': "a command is run only if this file says server: { allowExec: true }: anybody who can write to it can then run anything as camgate's user",
  'not at the start': 'this file did not say server: { allowExec: true } when camgate was started, so no command is run until camgate is started again'
} as const

/** Merges a camera with the defaults and checks keys against each other. Returns undefined if its source is invalid. */
export function buildCamera (entry: Entry, report: Report): Camera | undefined {
  const { id, keys, defaults } = entry
  const { source: written, substream: writtenSubstream, onvif: writtenOnvif, name = id, username, password, ...own } = keys
  const normalized = written === undefined ? undefined : normalizeAt(written, entry, report)
  const credentials = chooseCredentials(entry, normalized, report)
  if (!normalized) return undefined
  const { source } = normalized
  if (source.type === 'exec' && entry.allowExec !== 'yes') report(inSource(entry, 'type').at, `cameras.${id}.source: ${NO_COMMANDS[entry.allowExec]}`)
  if (source.type === 'simulated' && source.auth !== 'none' && !credentials) {
    report(inSource(entry, 'auth').at, `cameras.${id}: auth: ${source.auth} needs a username and a password beside the source`)
  }
  const substream = writtenSubstream === undefined ? undefined : buildSubstream(writtenSubstream, entry, { source, credentials }, report)
  const onvif = writtenOnvif === undefined ? undefined : buildOnvif(writtenOnvif, entry, credentials, report)
  const secrets = secretsIn(entry, source, substream)
  if (['rtsp', 'simulated'].includes(source.type) && (own.onLoss ?? defaults.onLoss) === 'hold' && (own.ingest ?? defaults.ingest) === 'ffmpeg') {
    report(place(entry, own.onLoss ? 'onLoss' : 'ingest'), `cameras.${id}.onLoss: hold does not go with ingest: ffmpeg, which does not report what was lost; leave one of them out`)
  }
  const { username: _, password: __, ...shared } = defaults
  return {
    id,
    name,
    source,
    ...(substream && { substream }),
    ...(onvif !== undefined && { onvif }),
    ...(credentials && { credentials }),
    ...(secrets.length > 0 && { secrets }),
    ...cameraPresets,
    ...withQscale(shared),
    ...withQscale(own),
    renditions: joinRenditions(entry, report)
  }
}

const OTHER_CREDENTIALS = 'its credentials are not those of the source; leave them out, because a camera has one username and password here'

const areOthers = (own: Credentials | undefined, credentials: Credentials | undefined): boolean =>
  own !== undefined && (own.username !== credentials?.username || own.password !== credentials.password)

/** Returns undefined if it is invalid. */
function buildSubstream (written: WrittenSource, entry: Entry, { source, credentials }: Pick<Camera, 'source' | 'credentials'>, report: Report): SubstreamSource | undefined {
  const normalized = normalizeAt(written, entry, report, 'substream')
  if (!normalized) return undefined
  const { source: substream, credentials: own } = normalized
  const { at, path } = inSource(entry, 'url', 'substream')
  if (substream.type !== 'rtsp' && substream.type !== 'simulated') {
    report(at, `cameras.${entry.id}.${path}: expected an RTSP address, rtsp://…, because a substream is for its H.264 or H.265`)
    return undefined
  }
  if (areOthers(own, credentials)) report(at, `cameras.${entry.id}.${path}: ${OTHER_CREDENTIALS}`)
  if ('url' in substream && 'url' in source && substream.url === source.url) report(at, `cameras.${entry.id}.${path}: this is the address of the source; the substream is another, smaller stream`)
  return substream
}

/** The address of its device service, without credentials. Returns undefined if it is invalid. */
function buildOnvif (written: string, entry: Entry, credentials: Camera['credentials'], report: Report): string | undefined {
  const wrong = (problem: string): undefined => { report(place(entry, 'onvif'), `cameras.${entry.id}.onvif: ${problem}`) }
  try {
    const { url, credentials: own } = normalizeUrl(written, { schemes: ['http', 'https'], name: 'an HTTP URL', example: 'http://192.168.1.20' })
    if (areOthers(own, credentials)) return wrong(OTHER_CREDENTIALS)
    return /^[a-z]+:\/\/[^/?#]*\/?$/i.test(url) ? `${url.replace(/\/$/, '')}/onvif/device_service` : url
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
    return wrong(error.message)
  }
}

/** Merges in the renditions of `defaults`, by name. A camera cannot remove one: without viewers it costs nothing. */
function joinRenditions (entry: Entry, report: Report): Rendition[] {
  const { id, keys, defaults } = entry
  const joined = new Map([...defaults.renditions ?? [], ...keys.renditions ?? []])
  if (keys.renditions && joined.size > Math.max(MAX_RENDITIONS, keys.renditions.size)) {
    report(place(entry, 'renditions'), `cameras.${id}.renditions: expected at most ${MAX_RENDITIONS}, together with those of defaults; received ${joined.size}`)
  }
  return [...joined].map(([name, wishes]) => ({ name, ...withQscale(wishes ?? {}) }))
}

/** Converts a quality in percent to ffmpeg's -q:v. */
const withQscale = <Keys extends { quality?: number | string }>({ quality, ...keys }: Keys): Omit<Keys, 'quality'> & { quality?: number } =>
  ({ ...keys, ...quality !== undefined && { quality: typeof quality === 'string' ? qscaleOf(parseInt(quality)) : quality } })

function normalizeAt (written: WrittenSource, entry: Entry, report: Report, under: 'source' | 'substream' = 'source'): ReturnType<typeof normalizeSource> | undefined {
  try {
    return normalizeSource(written, entry.folder)
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
    const { at, path } = inSource(entry, error.key, under)
    report(at, `cameras.${entry.id}.${path}: ${error.message}`)
    return undefined
  }
}

function chooseCredentials (entry: Entry, normalized: ReturnType<typeof normalizeSource> | undefined, report: Report): Credentials | undefined {
  const fromUrl = normalized?.credentials
  const { id, keys, defaults } = entry
  const apart = (['username', 'password'] as const).find(key => keys[key] !== undefined)
  if (fromUrl && apart) {
    report(place(entry, apart), `cameras.${id}.${apart}: the URL of the source (line ${place(entry, 'source').line}) ` +
      'carries credentials too; keep one of the two')
    return fromUrl
  }
  if (normalized && 'token' in normalized.source && normalized.source.token !== undefined) {
    if (apart) report(place(entry, apart), `cameras.${id}.${apart}: the source has a token already; keep one of the two`)
    return undefined // a username of `defaults` is for the cameras without a token
  }
  const username = keys.username ?? defaults.username
  const password = keys.password ?? defaults.password
  if (!fromUrl && username === undefined) {
    // An invalid username has been reported already.
    const given = entry.places.has('username') || entry.defaultPlaces?.has('username')
    if (password !== undefined && !given) report(place(entry, 'password'), `cameras.${id}: a password without a username`)
    return undefined
  }
  const credentials = fromUrl ?? { username: username ?? '', password: password ?? '' }
  const problem = credentialsProblem(credentials)
  if (problem) report(fromUrl ? inSource(entry, 'url').at : place(entry, apart ?? 'username'), `cameras.${id}: ${problem}`)
  return credentials
}

/** Reports every camera whose device another camera reads already: a device has one reader. */
export function reportShared (built: ReadonlyArray<{ entry: Entry, camera: Camera }>, report: Report): void {
  const first = new Map<string, Entry>()
  for (const { entry, camera } of built) {
    const device = deviceOf(camera.source)
    const before = device && first.get(device)
    if (before) {
      report(inSource(entry, 'device').at, `cameras.${entry.id}.source: ${device} is read by the camera ${before.id} (line ${place(before, 'source').line}) already; ` +
        'many may watch one camera, but a device has one reader')
    } else if (device) first.set(device, entry)
  }
}

/** The position of a source's key, or of the source if it has no such key. */
function inSource (entry: Entry, key = '', under: 'source' | 'substream' = 'source'): { at: At, path: string } {
  const written = entry.places.get(under)?.value
  const value = written?.kind === 'map' ? written.entries.get(key)?.value : undefined
  return value ? { at: value.at, path: `${under}.${key}` } : { at: place(entry, under), path: under }
}

/** The position of a key's value, in the camera or in `defaults`. */
const place = ({ at, places, defaultPlaces }: Entry, key: string): At =>
  (places.get(key) ?? defaultPlaces?.get(key))?.value.at ?? at
