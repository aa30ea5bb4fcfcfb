import type { Value } from '../yaml/value.js'
import { readAddress } from './address.js'
import type { ForeignFile, Imported, ImportedKeys } from './imported.js'
import { flagAt, get, numberAt, openYaml, placeOf, textAt } from './yaml-file.js'

const RUN_KEY = /^runOn/

/** The paths of a mediamtx.yml that read a camera. */
export function importMediamtx (file: ForeignFile, imported: Imported): void {
  const map = openYaml(file, imported)
  const defaults = get(map, 'pathDefaults')
  const paths = get(map, 'paths')
  for (const [name, { at, value }] of paths?.kind === 'map' ? paths.entries : []) {
    const place = placeOf(file, { at })
    const skip = (why: string) => imported.remark(place, `${name}: ${why}`)
    const source = textAt(value, 'source') ?? textAt(defaults, 'source') ?? 'publisher'
    if (name.startsWith('~') || name === 'all' || name === 'all_others') skip('it stands for many paths; camgate names each camera')
    else if (source === 'publisher') skip('a program publishes to it, and nothing can publish to camgate. Keep MediaMTX, and read from it: source: rtsp://HOST:8554/PATH')
    else if (source === 'redirect') skip('it redirects to another server; give the address of the camera itself')
    else {
      const keys = source.toLowerCase() === 'rpicamera' ? piCamera(value) : readAddress(source)
      if ('problem' in keys) {
        skip(keys.problem)
        continue
      }
      if (textAt(value, 'sourceFingerprint')) skip('sourceFingerprint has no counterpart; source: { type: rtsp, url: …, allowSelfSigned: true } accepts any certificate')
      imported.add(name, { ...keys, ...settings(value, defaults) }, place)
    }
    for (const [key, { at }] of value.kind === 'map' ? value.entries : []) {
      if (RUN_KEY.test(key)) imported.remark(placeOf(file, { at }), `${name}: ${key} runs a program; camgate runs none`)
    }
  }
}

function settings (path: Value, defaults: Value | undefined): Partial<ImportedKeys> {
  const transport = (textAt(path, 'rtspTransport') ?? textAt(path, 'sourceProtocol') ?? textAt(defaults, 'rtspTransport') ?? textAt(defaults, 'sourceProtocol'))?.toLowerCase()
  return {
    ...(transport === 'udp' || transport === 'tcp') && { transport },
    ...(flagAt(path, 'sourceOnDemand') ?? flagAt(defaults, 'sourceOnDemand')) && { onDemand: true }
  }
}

function piCamera (path: Value): ImportedKeys {
  const width = numberAt(path, 'rpiCameraWidth', 16, 7680)
  const height = numberAt(path, 'rpiCameraHeight', 16, 7680)
  const fps = numberAt(path, 'rpiCameraFPS', 1, 60)
  return { source: { type: 'picamera' }, ...width && { width }, ...height && { height }, ...fps && { fps } }
}
