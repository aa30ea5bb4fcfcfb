import type { Credentials } from '../credentials.js'
import type { LiveSource, Source } from '../sources/kinds.js'
import type { Diagnostic } from '../yaml/diagnostic.js'
import type { CameraKeys, cameraPresets, RenditionKeys, ServerKeys, serverPresets } from './schema.js'

type Preset = keyof typeof cameraPresets
/** The keys of a camera that the registry holds as they are written; `schema.ts` describes each. */
type Settings = Omit<CameraKeys, 'source' | 'name' | 'username' | 'password' | 'quality' | 'renditions'>

/** One configured device, with defaults filled in. */
export interface Camera extends Omit<Settings, Preset>, Required<Pick<Settings, Preset>> {
  /** The last part of its URLs: `[A-Za-z0-9_-]{1,64}`. */
  id: string
  /** The name that people see. */
  name: string
  source: Source
  credentials?: Credentials
  /** Values from the environment or from other files in its source or credentials. They are never shown. */
  secrets?: readonly string[]
  /** ffmpeg's `-q:v`, 2 (best) to 31. Unless given, a camera's own JPEGs are passed on unchanged, and others are encoded with 5. */
  quality?: number
  renditions: readonly Rendition[]
}

/** A camera whose pictures can be read: a simulated one has an address by now. */
export type LiveCamera<Of extends LiveSource = LiveSource> = Camera & { readonly source: Of, readonly simulated?: true }

/** Another size, rate or quality of a camera's picture. Keys that are not given are the camera's, except for the quality, which is 5. */
export interface Rendition extends Omit<RenditionKeys, 'quality'> {
  /** The value of `?rendition=`: `[A-Za-z0-9_-]{1,64}`, but not `full` or `auto`. */
  name: string
  quality?: number
}

/** The validated configuration, deeply frozen, cameras in the order of the file. */
export interface Registry {
  /** `maxViewers` counts the viewers of all cameras. */
  server: ServerKeys & Required<Pick<ServerKeys, keyof typeof serverPresets>>
  cameras: readonly Camera[]
  /** What is valid and probably a mistake, in the order of the file. */
  warnings: readonly Diagnostic[]
}
