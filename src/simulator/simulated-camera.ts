import { structures, type Codec } from '../clips/encoder.js'
import { checkScene, type Scene } from '../clips/scene.js'
import type { Fault } from '../faults/fault.js'
import type { Quirk } from '../faults/quirk.js'
import type { AuthScheme } from './authenticator.js'
import type { OnvifLogin } from './onvif/login.js'
import type { OnvifQuirk } from './onvif/quirk.js'

export interface SimulatedCamera {
  /** `[A-Za-z0-9_-]{1,64}`; also the path of its URL. */
  id: string
  name: string
  /** Default h264. */
  codec?: Codec
  /** Pixels, default 960x544: even numbers from 256x64 up; for MJPEG, multiples of 8 up to 2040. */
  width?: number
  height?: number
  /** Pictures a second, default 20; 0.2 is one every five seconds. The loop must have a whole number of them. */
  fps?: number
  /** Default none. */
  auth?: AuthScheme
  /** For Basic and Digest; default `defaultCredentials`. */
  username?: string
  password?: string
  /** Whether it speaks TLS (`rtsps:`), with a self-signed certificate. */
  tls?: boolean
  /** Default: any free one. */
  port?: number
  /** Its ONVIF services, which ask for the same username and password. */
  onvif?: SimulatedOnvif
  fault?: Fault
  /** What it always does wrong; `quirkDescriptions` describes each. */
  quirks?: readonly Quirk[]
  /** Length of the loop in whole seconds, default 10. */
  clipSeconds?: number
  /** From one key picture to the next, default 1. */
  keySeconds?: number
  /** For H.264 and H.265; by default as the picture needs it, at most 0.15 a pixel. */
  bitsPerSecond?: number
}

export interface SimulatedOnvif {
  /** Default digest. */
  login?: OnvifLogin
  /** Default: any free one. */
  port?: number
  quirks?: readonly OnvifQuirk[]
}

export const defaultCredentials = { username: 'admin', password: 'camgate' } as const

/** The scene of its clip. Throws BAD_SCENE. */
export const sceneOf = ({ id, name, codec = 'h264', width = 960, height = 544, fps = 20, clipSeconds = 10, quirks = [], keySeconds, bitsPerSecond }: SimulatedCamera): Scene =>
  checkScene({ id, name, codec, width, height, fps, seconds: clipSeconds, structures: structures.filter(structure => quirks.includes(structure)), keySeconds, bitsPerSecond })

/** The scene that the camera changes to with this fault; null if the fault changes none. Throws BAD_SCENE. */
export function otherScene (scene: Scene, fault: Fault | null): Scene | null {
  switch (fault?.kind) {
    case 'resize': return checkScene({ ...scene, width: fault.width, height: fault.height })
    case 'codec': return checkScene({ ...scene, codec: scene.codec === 'mjpeg' ? 'h264' : 'mjpeg', structures: [] })
    default: return null
  }
}
