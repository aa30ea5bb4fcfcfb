import type { CameraMemory } from '../capture/camera-memory.js'
import type { Clock } from '../clock.js'
import type { LiveCamera } from '../config/registry.js'
import { besideAuthMemory } from '../http-auth/authorizer.js'
import { addressOf } from '../ingest/address.js'
import type { LifecycleParts } from '../lifecycle/lifecycle.js'
import { PtzControl } from '../onvif/ptz-control.js'

/** What moves a camera, if it has an ONVIF address. It shares the camera's memory of its logins. */
export function ptzOf ({ id, onvif, source, credentials, auth, name }: LiveCamera, memory: CameraMemory, { clock, log }: { clock: Clock, log: LifecycleParts['log'] }): PtzControl | undefined {
  const address = onvif === undefined ? undefined : addressOf(onvif, 'allowSelfSigned' in source && source.allowSelfSigned === true)
  return address && new PtzControl({
    address,
    credentials,
    auth: { memory: besideAuthMemory(memory.auth), allowBasic: auth === 'basic' },
    clock,
    target: { hasCredentials: credentials !== undefined, place: { host: address.host, port: address.port, path: '/' } },
    warn: line => log.warn({ camera: id }, `${name}: ${line}`)
  })
}
