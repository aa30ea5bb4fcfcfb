import { Type, type Static } from 'typebox'
import type { Failure } from '../failure/failure.js'
import { BrandSchemas, brandUrl } from './brand.js'
import { ExecSchema, execLabel, normalizeExec, type ExecSource } from './exec.js'
import { FileSourceSchema, fileInput, fileFailure, fileLabel, normalizeFile, type FileSource } from './file.js'
import { schemeHint, textHint } from './hint.js'
import { HttpSchemas, httpLabel, normalizeHttp, type HttpSource } from './http.js'
import { PatternSchema, patternInput, patternLabel, type PatternSource } from './pattern.js'
import { PicameraSchema, picameraLabel, type PicameraSource } from './picamera.js'
import { RtspSchema, rtspInput, rtspLabel, normalizeRtsp, type RtspSource } from './rtsp.js'
import { SimulatedSchema, normalizeSimulated, simulatedLabel, type SimulatedSource } from './simulated.js'
import { rotated } from '../picture-size.js'
import { V4l2Schema, normalizeV4l2, v4l2Failure, v4l2Input, v4l2Label, type V4l2Source } from './v4l2.js'
import type { Credentials } from '../credentials.js'
import { SourceError, type Dialect, type NamedInput, type PipedInput, type Transport } from './source.js'

/** Every kind of source. A new one needs a file next to this one, a row here, and a case wherever the compiler asks for it. */
export const SourceSchema = Type.Union([
  RtspSchema, ...BrandSchemas, ...HttpSchemas, FileSourceSchema, V4l2Schema, PicameraSchema, ExecSchema, PatternSchema, SimulatedSchema
])

/** Sources that may be a camera's second address: those that send H.264 or H.265. */
export const SubstreamSchema = Type.Union([RtspSchema, ...BrandSchemas, SimulatedSchema])

/** A URL with one of these schemes is a source by itself: `source: rtsp://…`. */
const kindOfScheme = { rtsp: 'rtsp', rtsps: 'rtsp', http: 'http', https: 'http' } as const

/** A source as in cameras.yaml, short or long. */
export type WrittenSource = string | Static<typeof SourceSchema>

/** A source with every default filled in, and without credentials. */
export type Source = RtspSource | HttpSource | FileSource | V4l2Source | PicameraSource | ExecSource | PatternSource | SimulatedSource

export type SubstreamSource = RtspSource | SimulatedSource

/** Sources that a program other than ffmpeg reads. */
export type CommandSource = PicameraSource | ExecSource

/** Sources with pictures. A simulated source becomes one when its simulator runs. */
export type LiveSource = Exclude<Source, SimulatedSource>

/** Sources that ffmpeg can read. */
export type FfmpegSource = Exclude<LiveSource, HttpSource | CommandSource>

/**
 * Fills in the defaults, and separates the credentials. A file's relative path starts at `folder`.
 *
 * @throws {SourceError}
 */
export function normalizeSource (written: WrittenSource, folder = '.'): { source: Source, credentials?: Credentials } {
  const source = typeof written === 'string' ? fromUrl(written) : written
  switch (source.type) {
    case 'rtsp': return normalizeRtsp(source)
    case 'file': return { source: normalizeFile(source, folder) }
    case 'v4l2': return { source: normalizeV4l2(source) }
    case 'exec': return { source: normalizeExec(source, folder) }
    case 'http':
    case 'http-mjpeg':
    case 'http-jpeg': return normalizeHttp(source)
    case 'picamera':
    case 'pattern': return { source }
    case 'simulated': return { source: normalizeSimulated(source) }
    default: return normalizeRtsp({ url: brandUrl(source) })
  }
}

/** A short name for logs, JSON and pages, without secrets. */
export function labelOf (source: Source): string {
  switch (source.type) {
    case 'rtsp': return rtspLabel(source)
    case 'file': return fileLabel(source)
    case 'v4l2': return v4l2Label(source)
    case 'picamera': return picameraLabel(source)
    case 'exec': return execLabel(source)
    case 'http':
    case 'http-mjpeg':
    case 'http-jpeg': return httpLabel(source)
    case 'pattern': return patternLabel()
    case 'simulated': return simulatedLabel(source)
  }
}

/** The device of this machine that only one camera can read, in words; undefined if there is none, or the source takes any free one. */
export function deviceOf (source: Source): string | undefined {
  if (source.type === 'picamera') return picameraLabel(source)
  return source.type === 'v4l2' && source.device !== 'auto' ? source.device : undefined
}

/** The parts of a camera's configuration that its source's input depends on. Width and height are those of the shown picture, after `rotate`. */
export interface InputSettings { transport: Transport, fps?: number, width?: number, height?: number, rotate?: number }

/** ffmpeg's input for a camera. `fps` is its highest expected rate. */
export function ffmpegInput (camera: InputSettings & { source: FfmpegSource }, dialect: Dialect): NamedInput | PipedInput {
  const { source, width, height, rotate } = camera
  switch (source.type) {
    case 'rtsp': return rtspInput({ ...camera, source }, dialect)
    case 'file': return fileInput(source)
    case 'v4l2': return v4l2Input({ ...camera, source })
    case 'pattern': return patternInput({ ...camera, ...rotated({ width, height }, rotate) })
  }
}

/** The failure that ffmpeg's last lines mean for this kind of source; undefined if no pattern matches. */
export function sourceFailure (source: FfmpegSource, stderr: readonly string[]): Failure | undefined {
  switch (source.type) {
    case 'file': return fileFailure(source, stderr)
    case 'v4l2': return v4l2Failure(source, stderr)
    case 'rtsp':
    case 'pattern': return undefined
  }
}

/** The long form of a source that is only a URL. */
function fromUrl (url: string): Exclude<WrittenSource, string> {
  const known = Object.keys(kindOfScheme)
  const scheme = /^\s*([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase()
  if (scheme && Object.hasOwn(kindOfScheme, scheme)) return { type: kindOfScheme[scheme as keyof typeof kindOfScheme], url }
  throw new SourceError(`expected ${known.map(other => `${other}://…`).join(' or ')}, or a map with a type${scheme ? schemeHint(scheme, known) : textHint(url.trim())}`)
}
