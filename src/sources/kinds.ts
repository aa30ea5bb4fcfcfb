import { Type, type Static } from 'typebox'
import type { Failure } from '../failure/failure.js'
import { BrandSchemas, brandUrl } from './brand.js'
import { ExecSchema, execLabel, settleExec, type ExecSource } from './exec.js'
import { FileSourceSchema, fileInput, fileFailure, fileLabel, settleFile, type FileSource } from './file.js'
import { schemeHint, textHint } from './hint.js'
import { HttpSchemas, httpLabel, settleHttp, type HttpSource } from './http.js'
import { PatternSchema, patternInput, patternLabel, type PatternSource } from './pattern.js'
import { PicameraSchema, picameraLabel, type PicameraSource } from './picamera.js'
import { RtspSchema, rtspInput, rtspLabel, settleRtsp, type RtspSource } from './rtsp.js'
import { SimulatedSchema, settleSimulated, simulatedLabel, type SimulatedSource } from './simulated.js'
import { turned } from './turn.js'
import { V4l2Schema, settleV4l2, v4l2Failure, v4l2Input, v4l2Label, type V4l2Source } from './v4l2.js'
import type { Credentials } from '../credentials.js'
import { SourceError, type Dialect, type NamedInput, type PipedInput, type Transport } from './source.js'

/** Every kind of source there is. A new one is a file beside this one, a row here, and a case where the compiler asks. */
export const SourceSchema = Type.Union([
  RtspSchema, ...BrandSchemas, ...HttpSchemas, FileSourceSchema, V4l2Schema, PicameraSchema, ExecSchema, PatternSchema, SimulatedSchema
])

/** The schemes of the URLs that may stand for a source by themselves: `source: rtsp://…`. */
const kindOfScheme = { rtsp: 'rtsp', rtsps: 'rtsp', http: 'http', https: 'http' } as const

/** A source as a person writes it, short or long. */
export type WrittenSource = string | Static<typeof SourceSchema>

/** A source as the program keeps it: every default filled in, no credentials in it. */
export type Source = RtspSource | HttpSource | FileSource | V4l2Source | PicameraSource | ExecSource | PatternSource | SimulatedSource

/** What is read by a program that is not ffmpeg. */
export type CommandSource = PicameraSource | ExecSource

/** What pictures can be read from; a simulated source becomes one when its simulator runs. */
export type LiveSource = Exclude<Source, SimulatedSource>

/** What ffmpeg can be told to read. */
export type FfmpegSource = Exclude<LiveSource, HttpSource | CommandSource>

/**
 * Fills in what was left out and takes apart what was written together. `folder` is where the path of a file starts.
 *
 * @throws {SourceError}
 */
export function settle (written: WrittenSource, folder = '.'): { source: Source, credentials?: Credentials } {
  const source = typeof written === 'string' ? fromUrl(written) : written
  switch (source.type) {
    case 'rtsp': return settleRtsp(source)
    case 'file': return { source: settleFile(source, folder) }
    case 'v4l2': return { source: settleV4l2(source) }
    case 'exec': return { source: settleExec(source, folder) }
    case 'http':
    case 'http-mjpeg':
    case 'http-jpeg': return settleHttp(source)
    case 'picamera':
    case 'pattern': return { source }
    case 'simulated': return { source: settleSimulated(source) }
    default: return settleRtsp({ url: brandUrl(source) })
  }
}

/** The source in a few words, for logs, JSON and pages; no secret in it. */
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

/** What of this machine the source has for itself, in words; undefined where many may read the same, or it takes what is free. */
export function deviceOf (source: Source): string | undefined {
  if (source.type === 'picamera') return picameraLabel(source)
  return source.type === 'v4l2' && source.device !== 'auto' ? source.device : undefined
}

/** What of a camera its source's input is made from. Its width and height are those of the picture as it is shown, turned by `rotate`. */
export interface Read { transport: Transport, fps?: number, width?: number, height?: number, rotate?: number }

/** How ffmpeg is to read a camera. `fps` is the highest rate that is expected of it. */
export function ffmpegInput (camera: Read & { source: FfmpegSource }, dialect: Dialect): NamedInput | PipedInput {
  const { source, width, height, rotate } = camera
  switch (source.type) {
    case 'rtsp': return rtspInput({ ...camera, source }, dialect)
    case 'file': return fileInput(source)
    case 'v4l2': return v4l2Input({ ...camera, source })
    case 'pattern': return patternInput({ ...camera, ...turned({ width, height }, rotate) })
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

/** The long form of a URL that stands for a source by itself. */
function fromUrl (url: string): Exclude<WrittenSource, string> {
  const known = Object.keys(kindOfScheme)
  const scheme = /^\s*([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase()
  if (scheme && Object.hasOwn(kindOfScheme, scheme)) return { type: kindOfScheme[scheme as keyof typeof kindOfScheme], url }
  throw new SourceError(`expected ${known.map(other => `${other}://…`).join(' or ')}, or a map with a type${scheme ? schemeHint(scheme, known) : textHint(url.trim())}`)
}
