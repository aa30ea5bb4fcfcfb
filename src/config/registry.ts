import type { Credentials } from '../credentials.js'
import type { LiveSource, Source, SubstreamSource } from '../sources/kinds.js'
import type { RtspSource } from '../sources/rtsp.js'
import type { Diagnostic } from '../yaml/diagnostic.js'
import type { NotifyTarget } from './notify/target.js'
import type { CameraKeys, cameraPresets, RenditionKeys } from './schema.js'
import type { ServerSettings } from './server.js'

type Preset = keyof typeof cameraPresets
/** The camera keys that the registry stores as written. `schema.ts` describes each. */
type Settings = Omit<CameraKeys, 'source' | 'substream' | 'onvif' | 'name' | 'username' | 'password' | 'quality' | 'renditions'>

/** One configured camera, with defaults filled in. */
export interface Camera extends Omit<Settings, Preset>, Required<Pick<Settings, Preset>> {
  /** The last part of its URLs: `[A-Za-z0-9_-]{1,64}`. */
  id: string
  /** The name that people see. */
  name: string
  source: Source
  /** Another stream of the same camera, for which its credentials hold too. */
  substream?: SubstreamSource
  /** The URL of its ONVIF device service, without credentials. */
  onvif?: string
  credentials?: Credentials
  /** Values in its sources or credentials from the environment or other files. They are never shown. */
  secrets?: readonly string[]
  /** ffmpeg's `-q:v`, 2 (best) to 31. Without it, a camera's own JPEGs are passed on unchanged, and other pictures are encoded with 5. */
  quality?: number
  renditions: readonly Rendition[]
}

/** A camera whose pictures can be read. A simulated one has an address by now. */
export type LiveCamera<Of extends LiveSource = LiveSource> = Omit<Camera, 'source' | 'substream'> & { readonly source: Of, readonly substream?: RtspSource, readonly simulated?: true }

/** Another size, rate or quality of a camera's picture. Missing keys default to the camera's, except for the quality, which defaults to 5. */
export interface Rendition extends Omit<RenditionKeys, 'quality'> {
  /** The value of `?rendition=`: `[A-Za-z0-9_-]{1,64}`, but not `full` or `auto`. */
  name: string
  quality?: number
}

export const byId = <C extends { readonly id: string }>(cameras: readonly C[]): Map<string, C> => new Map(cameras.map(camera => [camera.id, camera]))

/** The validated configuration, deeply frozen, with the cameras in file order. */
export interface Registry {
  server: ServerSettings
  cameras: readonly Camera[]
  /** Who is told what happens to them. */
  notify: readonly NotifyTarget[]
  /** Valid settings that are probably mistakes, in file order. */
  warnings: readonly Diagnostic[]
}
