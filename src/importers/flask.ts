import { BrandSchemas } from '../sources/brand.js'
import { readAddress, type AddressKeys, type AddressReading } from './address.js'
import type { ForeignFile, Imported, ImportedKeys, Place } from './imported.js'
import { readAssignments, type Literal } from './python.js'
import { Template } from './template.js'

/** What scripts call camgate's keys. */
const WORDS: Record<string, readonly string[]> = {
  source: ['rtsp', 'url', 'source', 'src', 'stream', 'uri', 'rtspurl', 'streamurl', 'address', 'link', 'video'],
  host: ['ip', 'host', 'ipaddress', 'hostname', 'addr'],
  port: ['port', 'rtspport'],
  path: ['path', 'streampath'],
  username: ['user', 'username', 'login', 'usr'],
  password: ['password', 'pass', 'passwd', 'pwd'],
  name: ['name', 'title', 'label', 'location', 'description'],
  id: ['id', 'cameraid', 'camid'],
  brand: ['brand', 'type', 'model', 'vendor', 'make', 'manufacturer'],
  fps: ['fps', 'framerate', 'rate'],
  width: ['width', 'w'],
  height: ['height', 'h'],
  quality: ['quality', 'jpegquality'],
  rotate: ['rotate', 'rotation'],
  enabled: ['enabled', 'active'],
  channel: ['channel'],
  subtype: ['subtype']
}
const keyOf = new Map(Object.entries(WORDS).flatMap(([key, words]) => words.map(word => [word, key] as const)))
const plain = (word: string) => word.toLowerCase().replace(/[^a-z0-9]/g, '')
const meaningOf = (word: string): string => keyOf.get(plain(word)) ?? ''
/** Constants of these meanings are usually for all cameras. */
const SETTINGS: ReadonlySet<string> = new Set(['fps', 'width', 'height', 'quality', 'rotate'])
/** `CAM1_URL`, `RTSP_URL`: the group is what the constants of one camera have in common. */
const ADDRESS_NAME = /^(.*?)_?(?:RTSP_?)?(?:URL|URI|RTSP|STREAM|SOURCE|SRC|ADDRESS|LINK)$/i
const brandNames = BrandSchemas.map(({ properties }) => properties.type.const)
const CAMERA_NAME = /CAM|RTSP|STREAM|VIDEO|SOURCE/i

interface Reading { readonly template: Template, readonly imported: Imported, readonly file: string, readonly known: ReadonlyMap<string, Literal> }

/** The cameras of a Flask script's config.py: a dict or list of them, or constants such as RTSP_URL. */
export function importFlask (file: ForeignFile, imported: Imported): void {
  const template = new Template()
  const known = readAssignments(file, template)
  const reading: Reading = { template, imported, file: file.path, known }
  for (const [name, value] of known) {
    if (value.kind === 'map' && isCamera(value)) addCamera(name.toLowerCase(), value, reading)
    else if (value.kind === 'map' && value.entries.some(([, item]) => isCamera(item))) {
      for (const [key, item] of value.entries) addCamera(textOf(key) ?? '', item, reading)
    } else if (value.kind === 'list' && value.items.some(item => isCamera(item) && (CAMERA_NAME.test(name) || item.kind !== 'number'))) {
      for (const [index, item] of value.items.entries()) addCamera(String(index + 1), item, reading)
    } else if (value.kind === 'number' && SETTINGS.has(meaningOf(name))) {
      const key = meaningOf(name)
      imported.remark({ file: file.path, line: value.line }, `${name}: not taken over; if it is for all cameras, write ${key}: ${value.number}${key === 'quality' ? '%' : ''} under defaults`)
    } else if (CAMERA_NAME.test(name)) {
      const computed = value.kind === 'list' ? value.items.find(item => item.kind === 'computed') : value
      if (computed?.kind === 'computed') imported.remark({ file: file.path, line: value.line }, `${name}: ${computed.why}`)
    }
  }
  if (imported.cameras.size === 0) addConstants(reading)
}

const isAddress = (text: string) => /^(rtsps?|https?):\/\//i.test(text)

function isCamera (value: Literal): boolean {
  if (value.kind === 'text') return isAddress(value.text)
  if (value.kind === 'number') return Number.isInteger(value.number) && value.number < 64
  return value.kind === 'map' && value.entries.some(([key]) => ['source', 'host'].includes(meaningOf(textOf(key) ?? '')))
}

const textOf = (value: Literal | undefined): string | undefined => value?.kind === 'text' ? value.text : value?.kind === 'number' ? String(value.number) : undefined

function addCamera (id: string, value: Literal, { template, imported, file }: Reading): void {
  const place = { file, line: value.line }
  const entries = value.kind === 'map' ? value.entries : [[{ kind: 'text', text: 'source', line: value.line }, value] as [Literal, Literal]]
  const keys = new Map<string, Literal>()
  for (const [key, item] of entries.flatMap(entry => entry[1].kind === 'map' ? entry[1].entries : [entry])) { // "credentials": {…}
    const word = textOf(key) ?? ''
    const meant = keyOf.get(plain(word))
    if (meant === undefined) imported.remark({ file, line: item.line }, `${id}: camgate has no key for ${JSON.stringify(word.slice(0, 40))}`)
    else if (!keys.has(meant)) keys.set(meant, item)
  }
  const read = readSource(keys, template)
  if ('problem' in read) return imported.remark({ file, line: read.line ?? value.line }, `${id}: ${read.problem}`)
  imported.add(template.show(textOf(keys.get('id')) ?? id), { ...named(keys), ...read, ...settings(keys, { imported, place, id }) }, place)
}

const named = (keys: ReadonlyMap<string, Literal>) => {
  const name = textOf(keys.get('name'))
  return name === undefined ? {} : { name }
}

function readSource (keys: ReadonlyMap<string, Literal>, template: Template): AddressKeys | { problem: string, line?: number } {
  const login = { username: textOf(keys.get('username')), password: textOf(keys.get('password')) }
  const source = keys.get('source')
  const [host, path] = ['host', 'path'].map(key => textOf(keys.get(key)))
  if (source?.kind === 'number') return { source: { type: 'v4l2', device: `/dev/video${source.number}` } }
  const text = textOf(source)
  if (text !== undefined) return /^picamera2?$/i.test(text) ? { source: { type: 'picamera' } } : readAddress(text, template, login)
  if (source?.kind === 'computed' && host === undefined) return { problem: source.why, line: source.line }
  const port = textOf(keys.get('port'))
  if (host !== undefined && path !== undefined) return readAddress(`rtsp://${host}${port === undefined ? '' : `:${port}`}/${path.replace(/^\/+/, '')}`, template, login)
  const maker = makerOf(keys)
  if (host !== undefined && maker) return withMaker(maker, host, keys, template)
  return { problem: `${source?.kind === 'computed' ? source.why : 'the address of its stream is not in the file'}; with the maker it needs none: source: { type: hikvision, host: HOST }`, ...source && { line: source.line } }
}

/** `subtype` is Dahua's word for the stream, and Amcrest's. */
const makerOf = (keys: ReadonlyMap<string, Literal>) => brandNames.find(name => name === textOf(keys.get('brand'))?.toLowerCase()) ?? (keys.has('subtype') ? 'dahua' : undefined)

function withMaker (type: string, host: string, keys: ReadonlyMap<string, Literal>, template: Template): AddressKeys {
  const [port, channel, subtype, username, password] = ['port', 'channel', 'subtype', 'username', 'password'].map(key => textOf(keys.get(key)))
  return {
    source: {
      type,
      host: template.show(host),
      ...port !== undefined && { port: Number(port) },
      ...channel !== undefined && channel !== '1' && { channel: Number(channel) },
      ...subtype !== undefined && { stream: subtype === '0' ? 'main' : 'sub' }
    },
    ...username !== undefined && { username: template.show(username) },
    ...password !== undefined && { password: template.show(password) }
  }
}

function settings (keys: ReadonlyMap<string, Literal>, { imported, place, id }: { imported: Imported, place: Place, id: string }): Partial<ImportedKeys> {
  const number = (key: string, min: number, max: number) => {
    const item = keys.get(key)
    if (!item) return undefined
    if (item.kind === 'number' && item.number >= min && item.number <= max) return item.number
    imported.remark({ ...place, line: item.line }, `${id}: ${key} is from ${min} to ${max} in camgate`)
    return undefined
  }
  const [fps, width, height] = [number('fps', 0.1, 60), number('width', 16, 7680), number('height', 16, 7680)]
  const [quality, rotate] = [number('quality', 1, 100), number('rotate', 0, 270)]
  const enabled = keys.get('enabled')
  return {
    ...fps !== undefined && { fps },
    ...width !== undefined && { width: Math.round(width) },
    ...height !== undefined && { height: Math.round(height) },
    ...quality !== undefined && { quality: `${Math.round(quality)}%` },
    ...rotate && rotate % 90 === 0 && { rotate },
    ...enabled?.kind === 'flag' && !enabled.flag && { enabled: false }
  }
}

/** `CAM1_URL = "rtsp://…"`, with CAM1_USER and CAM1_PASSWORD if the address has none. One alone is the camera 1, as in /camera/1. */
function addConstants ({ known, template, imported, file }: Reading): void {
  const addresses = [...known].filter(([name, value]) => value.kind === 'text' ? isAddress(value.text) && (CAMERA_NAME.test(name) || /^rtsp/i.test(value.text)) : value.kind === 'number' && /^(CAMERA|VIDEO|CAM)_?(SOURCE|INDEX|ID|DEVICE)?$/i.test(name))
  for (const [name, value] of addresses) {
    const [, prefix = ''] = ADDRESS_NAME.exec(name) ?? []
    const login = (...words: string[]) => words.flatMap(word => [prefix, 'RTSP', 'CAMERA', 'CAM'].map(start => textOf(known.get(start === '' ? word : `${start}_${word}`)))).find(text => text !== undefined)
    const place = { file, line: value.line }
    const keys: AddressReading = value.kind === 'number'
      ? { source: { type: 'v4l2', device: `/dev/video${value.number}` } }
      : readAddress(textOf(value)!, template, { username: login('USER', 'USERNAME', 'LOGIN'), password: login('PASSWORD', 'PASS', 'PASSWD', 'PWD') })
    if ('problem' in keys) imported.remark(place, `${name}: ${keys.problem}`)
    else imported.add(addresses.length === 1 ? '1' : prefix.toLowerCase() || name.toLowerCase(), keys, place)
  }
}
