import type { CameraMemory } from '../capture/camera-memory.js'
import type { Clock } from '../clock.js'
import type { LiveCamera } from '../config/registry.js'
import { besideAuthMemory } from '../http-auth/authorizer.js'
import { addressOf } from '../ingest/address.js'
import type { LifecycleParts } from '../lifecycle/lifecycle.js'
import { PtzControl } from '../onvif/ptz-control.js'

/** What moves a camera, if it has an ONVIF address. It shares the camera's memory of its logins. */
export function ptzOf (host: { readonly camera: LiveCamera, readonly memory: CameraMemory }, { clock, log }: { clock: Clock, log: LifecycleParts['log'] }): PtzControl | undefined {
  const { id, onvif, source, credentials, auth } = host.camera
  const address = onvif === undefined ? undefined : addressOf(onvif, 'allowSelfSigned' in source && source.allowSelfSigned === true)
  return address && new PtzControl({
    address,
    credentials,
    auth: { memory: besideAuthMemory(host.memory.auth), allowBasic: auth === 'basic' },
    clock,
    target: { hasCredentials: credentials !== undefined, place: { host: address.host, port: address.port, path: '/' } },
    warn: line => log.warn({ camera: id }, `${host.camera.name}: ${line}`) // the name may have changed since
  })
}
