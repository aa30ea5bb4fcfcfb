import type { LiveSource, Source } from '../sources/kinds.js'
import type { Credentials, Transport } from '../sources/source.js'
import type { Diagnostic } from './fault.js'

/** One configured device, every default filled in. */
export interface Camera {
  /** What stands in its URLs: `[A-Za-z0-9_-]{1,64}`. */
  id: string
  /** What people call it. */
  name: string
  source: Source
  credentials?: Credentials
  /** `basic`: the password may go by Basic to a camera that has asked for Digest. */
  auth?: 'auto' | 'basic'
  /** What the file took from the environment or from other files, for its source or its password: nobody is shown it. */
  secrets?: readonly string[]
  transport: Transport
  /** Who reads an RTSP camera: camgate itself, or ffmpeg; `auto` is the one, and where it does not understand the camera the other. */
  ingest: 'auto' | 'direct' | 'ffmpeg'
  /** What decodes H.264 and H.265; `auto` is the first that works. Software, unless given. */
  hwaccel?: 'auto' | 'none' | 'vaapi' | 'cuda' | 'qsv' | 'v4l2m2m' | 'rkmpp'
  /** What viewers get of pictures that depend on something that was lost: those pictures, marked, or none up to the next clean one. */
  onLoss: 'show' | 'hold'
  /** Pictures per second, at most: above 0, up to 60. */
  fps: number
  /** ffmpeg's `-q:v`: 2 (best) to 31; unless given, JPEGs of the camera's own as they are, and 5 for others. */
  quality?: number
  /** Pixels, of the picture as it is shown. The aspect is kept; with both width and height, the picture fits within. */
  width?: number
  height?: number
  /** Pixels of the camera's own picture; even ones are exact. */
  crop?: { x: number, y: number, width: number, height: number }
  /** Degrees clockwise: 0, 90, 180 or 270. */
  rotate?: number
  flip?: 'none' | 'horizontal' | 'vertical' | 'both'
  /** What is written into the picture. */
  overlay?: { name?: boolean, clock?: boolean }
  /** Connect only while somebody watches. */
  onDemand: boolean
  /** Start it when camgate starts. */
  enabled: boolean
  /** Viewers of its streams, at most; no limit unless given. */
  maxViewers?: number
  renditions: readonly Rendition[]
}

/** A camera whose pictures can be read: what was simulated has an address by now. */
export type LiveCamera<Of extends LiveSource = LiveSource> = Camera & { readonly source: Of, readonly simulated?: true }

/** Another size, rate or quality of a camera's picture; what is not given is the camera's, save for the quality, which is 5. */
export interface Rendition {
  /** What stands in `?rendition=`: `[A-Za-z0-9_-]{1,64}`, neither `full` nor `auto`. */
  name: string
  width?: number
  height?: number
  fps?: number
  quality?: number
}

/** The validated configuration, frozen throughout, cameras in the order of the file. */
export interface Registry {
  /** `maxViewers` is of all cameras together. */
  server: { host: string, port: number, maxViewers?: number, allowExec?: boolean }
  cameras: readonly Camera[]
  /** What can be used and was probably not meant, in the order of the file. */
  warnings: readonly Diagnostic[]
}
