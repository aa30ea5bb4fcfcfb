import { readAddress, type AddressKeys } from './address.js'
import type { ForeignFile, Imported, ImportedKeys, Place } from './imported.js'
import { Template } from './template.js'

interface Setting extends Place { readonly value: string }
/** By key, the last one of a file. motionEye's own, in comments such as `# @name Front`, keep their @. */
type Settings = ReadonlyMap<string, Setting>

/** motion.conf with the files of its cameras, one such file, or a camera-1.conf of motionEye. */
export function importMotion (file: ForeignFile, imported: Imported): void {
  const main = readSettings(file)
  const files = file.text.split('\n').flatMap((line, index) => {
    const [, key, path = ''] = /^(camera|thread|camera_dir)[\s=]+(\S.*)$/.exec(line.trim()) ?? []
    if (key === undefined) return []
    const named = key === 'camera_dir' ? file.list(path) : [file.open(path)]
    const found = named.filter(other => other !== undefined)
    if (found.length < named.length || found.length === 0) imported.remark({ file: file.path, line: index + 1 }, `${key}: its file cannot be read; import it by itself`)
    return found
  })
  if (files.length === 0) return importCamera(main, file, imported, new Map())
  for (const camera of files) importCamera(readSettings(camera), camera, imported, main)
}

function readSettings ({ path, text }: ForeignFile): Settings {
  const settings = new Map<string, Setting>()
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const [, key, value = ''] = /^(?:#\s*(?=@))?(@?[a-z]\w*)(?:\s*=\s*|\s+)(\S.*)$/i.exec(line.trim()) ?? []
    if (key !== undefined) settings.set(key.toLowerCase(), { file: path, line: index + 1, value })
  }
  return settings
}

function importCamera (own: Settings, file: ForeignFile, imported: Imported, main: Settings): void {
  const find = (...keys: string[]) => keys.map(key => own.get(key) ?? main.get(key)).find(setting => setting !== undefined)
  const at = { file: file.path, line: 1 }
  const problem = (place: Place, message: string) => imported.remark(place, message)
  if (own.get('@proto')?.value === 'motioneye') return problem(own.get('@proto')!, 'this camera belongs to another motionEye: import its file there, or read its stream')
  const read = readSource(find)
  if ('problem' in read) return problem(read.at ?? at, read.problem)
  const { keys, at: place } = read
  const scheme = typeof keys.source === 'string' ? keys.source.slice(0, 4) : ''
  const small = scheme === 'rtsp' && find('netcam_high_url', 'netcam_highres') ? find('netcam_url') : undefined
  const substream = small && readAddress(small.value, undefined, { username: keys.username, password: keys.password })
  for (const key of [...own.keys()].filter(key => /^(on_|ext_pipe|extpipe)/.test(key))) problem(own.get(key)!, `${key} runs a program; camgate runs none`)
  imported.add(find('@id', 'camera_id')?.value ?? /(\d+)\.conf$/.exec(file.path)?.[1] ?? String(imported.cameras.size + 1), {
    ...nameOf(find('@name', 'camera_name', 'device_name')),
    ...keys,
    ...substream && 'source' in substream && typeof substream.source === 'string' && substream.source.startsWith('rtsp') && { substream: substream.source },
    ...settingsOf(find),
    ...find('@enabled')?.value === 'off' && { enabled: false }
  }, place)
}

type Find = (...keys: string[]) => Setting | undefined

function readSource (find: Find): { keys: AddressKeys, at: Place } | { problem: string, at?: Place } {
  const url = find('netcam_high_url', 'netcam_highres') ?? find('netcam_url')
  if (url) {
    const [, username = '', password = ''] = /^([^:]*):?(.*)$/s.exec(find('netcam_userpass')?.value ?? '') ?? []
    const device = /^v4l2:\/\/(.+)$/.exec(url.value)?.[1]
    if (device !== undefined) return { keys: { source: ofDevice(device) }, at: url }
    const keys = readAddress(url.value, undefined, { username, password })
    return 'problem' in keys ? { problem: `netcam_url: ${keys.problem}`, at: url } : { keys, at: url }
  }
  const pi = find('libcam_device', 'libcam_name', 'mmalcam_name')
  if (pi) return { keys: { source: { type: 'picamera' } }, at: pi }
  const device = find('v4l2_device', 'video_device', 'videodevice')
  return device ? { keys: { source: ofDevice(device.value) }, at: device } : { problem: 'it names no camera: netcam_url or videodevice is missing' }
}

const ofDevice = (device: string) => ({ type: 'v4l2', device: new Template().show(device) })

const nameOf = (setting: Setting | undefined) => setting ? { name: setting.value } : {}

function settingsOf (find: Find): Partial<ImportedKeys> {
  const number = (key: string, min: number, max: number) => {
    const value = Number(find(key)?.value ?? NaN)
    return value >= min && value <= max ? value : undefined
  }
  const fps = number('framerate', 1, 60)
  const width = number('width', 16, 7680)
  const quality = number('stream_quality', 1, 100)
  const rotate = number('rotate', 0, 270)
  const flip = { h: 'horizontal', v: 'vertical' } as const
  const axis = find('flip_axis')?.value
  const tcp = find('rtsp_uses_tcp', 'netcam_use_tcp')?.value
  return {
    ...width && { width },
    ...fps && { fps },
    ...quality && Number.isInteger(quality) && { quality: `${quality}%` },
    ...rotate && rotate % 90 === 0 && { rotate },
    ...(axis === 'h' || axis === 'v') && { flip: flip[axis] },
    ...tcp === 'off' && { transport: 'udp' as const }
  }
}
