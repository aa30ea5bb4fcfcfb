import { readdirSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { Io } from '../cli/command.js'
import type { Parsed } from '../cli/options.js'
import { writeOutput } from '../cli/files/output-file.js'
import { MAX_READ_BYTES, readAtMost } from '../config/load.js'
import { CamgateError, messageOf } from '../errors.js'
import { importCameras, inPlace, programs, type Program } from '../importers/import.js'
import type { ForeignFile } from '../importers/imported.js'

export const usage = `camgate import FILE [--from PROGRAM] [-o cameras.yaml]

Makes a cameras.yaml of another program's file and prints it. What could not be taken over is listed on stderr, line by line. FILE is read and never
run: config.py of a Flask script, go2rtc.yaml, mediamtx.yml, Frigate's config.yml, motion.conf, or motionEye's camera-1.conf or its folder.

  --from PROGRAM     ${programs.join(', ')}; without it, camgate recognizes the file
  -o, --output FILE  write this file instead of printing it
  --force            replace a file that exists; the old one is kept as FILE.old

The exit code is 0 if at least one camera was taken over, 65 if none was. --json: { program, cameras, yaml, remarks: [{ file, line, message }] }.

  camgate import /etc/motioneye -o cameras.yaml
`
export const options = {
  from: { type: 'string', values: programs },
  output: { type: 'string', short: 'o', values: 'file' },
  force: { type: 'boolean', default: false }
} as const
export const operands = 'file'

export async function run ({ positionals: [path, ...more], values }: Parsed<typeof options>, { json, stdout, stderr }: Io): Promise<undefined> {
  if (path === undefined || more.length > 0) throw new CamgateError('USAGE', `import takes one file.\n\n${usage}`)
  const program = programs.find(name => name === values.from)
  if (values.from !== undefined && !program) throw new CamgateError('USAGE', `--from is one of ${programs.join(', ')}, not ${JSON.stringify(values.from)}.`)
  const { yaml, ids, remarks, hasPassword, program: found } = importCameras(open(resolve(path), path), program)
  if (values.output !== undefined) writeOutput(values.output, yaml, values.force)
  if (json) return print({ program: found, cameras: ids, yaml, remarks })
  for (const remark of remarks) stderr.write(`${inPlace(remark)}\n`)
  if (values.output === undefined) stdout.write(yaml)
  stderr.write(`${ids.length} camera${ids.length === 1 ? '' : 's'} taken over from ${NAMES[found]}${values.output === undefined ? '' : ` into ${values.output}`}.\n`)
  // eslint-disable-next-line no-template-curly-in-string -- as in cameras.yaml
  if (hasPassword) stderr.write('The passwords are in it as plain text. Better is password: ${CAM1_PASSWORD}, which camgate takes from the environment.\n')
  const variables = [...new Set([...yaml.matchAll(/(?<!\$)\$\{(\w+)\}/g)].map(([, name]) => name!))]
  if (variables.length > 0) stderr.write(`camgate fills in ${variables.join(', ')} from its environment: set what is missing, and see that each goes only to the camera that it is for.\n`)

  function print (data: object): undefined {
    stdout.write(`${JSON.stringify(data, null, 2)}\n`)
  }
}

const NAMES: Record<Program, string> = { flask: 'a Python script', go2rtc: 'go2rtc', mediamtx: 'MediaMTX', frigate: 'Frigate', motion: 'Motion', motioneye: 'motionEye' }

/** `shown` is its name in messages. A folder stands for the *.conf files in it. @throws {CamgateError} IMPORT */
function open (path: string, shown: string): ForeignFile {
  const others = {
    open: (named: string) => ofFile(path, named),
    list: (folder: string) => confsOf(resolve(dirname(path), folder))
  }
  try {
    if (statSync(path).isDirectory()) return { path: shown, text: 'camera_dir .', open: () => undefined, list: () => confsOf(path) }
    return { path: shown, text: textOf(path), ...others }
  } catch (error) {
    if (error instanceof CamgateError) throw error
    throw new CamgateError('IMPORT', `${shown} cannot be read: ${messageOf(error)}.`)
  }
}

/** A file that another one names. On another machine it is usually copied beside that one. */
function ofFile (from: string, named: string): ForeignFile | undefined {
  for (const path of [resolve(dirname(from), named), join(dirname(from), basename(named))]) {
    try {
      if (statSync(path).isFile()) return { path, text: textOf(path), open: () => undefined, list: () => [] } // a pipe would never end
    } catch {}
  }
  return undefined
}

/** camgate is for up to 500 cameras. */
const MAX_FILES = 500
const byNumber = new Intl.Collator('en', { numeric: true })

function confsOf (folder: string): ForeignFile[] {
  try {
    const names = readdirSync(folder).filter(name => name.endsWith('.conf') && name !== 'motion.conf' && name !== 'motioneye.conf')
    return names.sort(byNumber.compare).slice(0, MAX_FILES).flatMap(name => ofFile(join(folder, 'any'), join(folder, name)) ?? [])
  } catch {
    return []
  }
}

function textOf (path: string): string {
  const bytes = readAtMost(path, MAX_READ_BYTES)
  if (bytes.length === MAX_READ_BYTES) throw new CamgateError('IMPORT', `${path} is over 1 MiB: that is no configuration.`)
  const text = Buffer.from(bytes).toString('utf8').replace(/^\uFEFF/, '')
  if (text.includes('\0') || text.includes('\uFFFD')) throw new CamgateError('IMPORT', `${path} is not text${/\.(tar|gz|tgz|zip)$/.test(path) ? '; unpack it, and import the folder' : ' in UTF-8'}.`)
  return text
}
