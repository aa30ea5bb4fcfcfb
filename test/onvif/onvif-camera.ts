import type { Test } from 'tap'
import { systemClock } from '../../src/clock.js'
import { addressOf } from '../../src/ingest/address.js'
import { OnvifDevice, type OnvifDeviceOptions } from '../../src/onvif/device.js'
import type { OnvifLogin } from '../../src/simulator/onvif/login.js'
import { OnvifCamera } from '../../src/simulator/onvif/onvif-camera.js'
import type { OnvifQuirk } from '../../src/simulator/onvif/quirk.js'

export const credentials = { username: 'ann & bob', password: 'passwort für <alle>' }

/** A simulated ONVIF camera without pictures. */
export async function playOnvif (t: Test, { login = 'digest' as OnvifLogin, quirks = [] as OnvifQuirk[], name = 'Yard' } = {}): Promise<OnvifCamera> {
  const camera = new OnvifCamera({
    name, host: '127.0.0.1', port: 0, login, credentials, quirks: new Set(quirks), clock: systemClock, mainUrl: 'rtsp://127.0.0.1:554/main', subUrl: 'rtsp://127.0.0.1:554/sub'
  })
  await camera.open()
  t.teardown(() => camera.close())
  return camera
}

export const optionsFor = (url: string, options: Partial<OnvifDeviceOptions> = {}): OnvifDeviceOptions => ({ address: addressOf(url, false)!, credentials, clock: systemClock, ...options })

export function deviceAt (t: Test, url: string, options: Partial<OnvifDeviceOptions> = {}): OnvifDevice {
  const device = new OnvifDevice(optionsFor(url, options))
  t.teardown(() => device.close())
  return device
}
