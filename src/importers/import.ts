import { CamgateError } from '../errors.js'
import { printable } from '../text/printable.js'
import { ConfigError } from '../yaml/diagnostic.js'
import { fileText } from './file-text.js'
import { importFlask } from './flask.js'
import { importFrigate } from './frigate.js'
import { importGo2rtc } from './go2rtc.js'
import { Imported, type ForeignFile, type ImportedKeys, type Remark } from './imported.js'
import { importMediamtx } from './mediamtx.js'
import { importMotion } from './motion.js'
import { get, readYamlMap } from './yaml-file.js'

const importers = { flask: importFlask, go2rtc: importGo2rtc, mediamtx: importMediamtx, frigate: importFrigate, motion: importMotion, motioneye: importMotion } as const

export type Program = keyof typeof importers
export const programs = Object.keys(importers) as readonly Program[]

export interface Import {
  readonly program: Program
  /** A whole cameras.yaml. */
  readonly yaml: string
  readonly ids: readonly string[]
  /** In the order of the file. */
  readonly remarks: readonly Remark[]
  /** Whether it holds a password as plain text. */
  readonly hasPassword: boolean
}

/**
 * Makes a cameras.yaml of another program's file. The result has been read as camgate reads it, and every camera that it would refuse is a remark.
 *
 * @throws {CamgateError} IMPORT if the file cannot be read as that program's, or no camera can be taken over
 */
export function importCameras (file: ForeignFile, program = programOf(file)): Import {
  if (!program) throw new CamgateError('IMPORT', `${file.path} is not like the files of any program that camgate knows. Name the program with --from: ${programs.join(', ')}.`)
  const imported = new Imported()
  importers[program](file, imported)
  const cameras = new Map<string, ImportedKeys>()
  for (const [id, { keys, at }] of imported.cameras) {
    const problem = problemOf(new Map([[id, keys]]), file)
    if (problem === undefined) cameras.set(id, keys)
    else imported.remark(at, problem)
  }
  const remarks = imported.remarks.toSorted((a, b) => a.file === b.file ? a.line - b.line : 0)
  const ids = [...cameras.keys()]
  if (ids.length === 0) throw new CamgateError('IMPORT', [`No camera of ${file.path} can be taken over.`, ...remarks.map(inPlace)].join('\n'))
  const yaml = fileText(cameras, file.path)
  return { program, yaml, ids, remarks, hasPassword: [...cameras.values()].some(({ password }) => password !== undefined && !/^\$\{\w+\}$/.test(password)) }
}

export const inPlace = ({ file, line, message }: Remark): string => printable(`${file}:${line}: ${message}`)

function problemOf (cameras: ReadonlyMap<string, ImportedKeys>, file: ForeignFile): string | undefined {
  try {
    fileText(cameras, file.path)
    return undefined
  } catch (error) {
    if (error instanceof ConfigError) return error.diagnostics[0]!.message
    throw error
  }
}

/** By what only its files have. */
function programOf ({ path, text }: ForeignFile): Program | undefined {
  if (/\.py$/i.test(path)) return 'flask'
  if (/^#\s*@(name|id|enabled|proto)\b/m.test(text)) return 'motioneye'
  if (/^[ \t]*(netcam_(high_)?url|netcam_highres|video_?device|v4l2_device|mmalcam_name|libcam_device|camera|thread|camera_dir)[ \t]+[^:=\s]/m.test(text)) return 'motion'
  const map = readYamlMap(text)
  if (get(map, 'paths') || get(map, 'pathDefaults')) return 'mediamtx'
  const cameras = get(map, 'cameras')
  if (cameras?.kind === 'map' && [...cameras.entries.values()].some(({ value }) => get(value, 'ffmpeg'))) return 'frigate'
  if (get(map, 'streams')) return 'go2rtc'
  return !map && /^[ \t]*[A-Za-z_]\w*[ \t]*(:[^=\n]+)?=[^=]/m.test(text) ? 'flask' : undefined
}
