import { writeFile } from 'node:fs/promises'
import { addressOf } from '../cli/address.js'
import { askCamgate } from '../cli/ask-camgate.js'
import { answer, type Io } from '../cli/command.js'
import { configOption, configPath } from '../cli/files/config-file.js'
import { EXIT } from '../cli/exit.js'
import type { Parsed } from '../cli/options.js'
import { askPassword } from '../cli/password.js'
import { withProgress } from '../cli/progress.js'
import { systemClock } from '../clock.js'
import type { Registry } from '../config/registry.js'
import { readConfiguration } from '../doctor/configuration.js'
import { CamgateError, messageOf } from '../errors.js'
import type { FailureCode } from '../failure/failure.js'
import { FfmpegInstall } from '../ffmpeg/install.js'
import { probeHost } from '../probe/host.js'
import { jpegOf } from '../probe/picture.js'
import { probeCamera, type Probed } from '../probe/probe.js'
import { isOfNetwork, readTarget, type ProbeTarget, type TargetOptions } from '../probe/target.js'
import { describeProbe } from '../probe/words.js'
import { yamlOf } from '../probe/yaml.js'
import { SourceError } from '../sources/source.js'
import { addCredentials, addSecrets } from '../text/redact.js'
import { run as doctor } from './doctor.js'

export const usage = `camgate probe URL|HOST|ID [--user NAME] [--picture FILE] [--allow-self-signed]

Looks at one camera: whether it answers, what it sends, its other streams, what it would cost; then the lines for cameras.yaml. For a HOST alone, it tries
the ports that cameras use and the addresses of makers. An ID is a camera of cameras.yaml: if a camgate runs here, it is asked, as 'camgate doctor ID' does.
It logs in once, and contacts nothing but what is named. --json: the report, and yaml.

  --user NAME           log in; the password is asked for, or CAMGATE_PASSWORD, or one line of the standard input
  --picture FILE        write a picture of the camera to FILE, as a JPEG
  --config FILE         where an ID is looked up (CAMGATE_CONFIG, or cameras.yaml)
  --allow-self-signed   for rtsps:// and https://: accept a certificate that the camera signed itself

The exit code is 0 if there was a picture; ${EXIT.noHost} its name is unknown, ${EXIT.unavailable} nothing answers, ${EXIT.noPermission} login, ${EXIT.noInput} no such stream, ${EXIT.tempFail} busy or silent, ${EXIT.protocol} not understood.

  camgate probe rtsp://192.168.1.20/stream1 --user admin --picture now.jpg
`
export const options = {
  user: { type: 'string' },
  picture: { type: 'string', values: 'file' },
  ...configOption,
  'allow-self-signed': { type: 'boolean' }
} as const
export const operands = 'camera'

const exitCodes: Readonly<Record<FailureCode, number>> = {
  auth: EXIT.noPermission,
  'not-permitted': EXIT.noPermission,
  'not-found': EXIT.noInput,
  dns: EXIT.noHost,
  refused: EXIT.unavailable,
  unreachable: EXIT.unavailable,
  'no-ffmpeg': EXIT.unavailable,
  'no-program': EXIT.unavailable,
  'no-device': EXIT.unavailable,
  busy: EXIT.tempFail,
  stalled: EXIT.tempFail,
  exited: EXIT.tempFail,
  unsupported: EXIT.protocol,
  'bad-stream': EXIT.protocol
}

export async function run ({ positionals: [named, ...more], values }: Parsed<typeof options>, io: Io): Promise<number> {
  if (named === undefined || more.length > 0) throw misused('probe takes one address, such as rtsp://192.168.1.20/stream1 or 192.168.1.20.')
  const known = knownCamera(named, values.config, io.env)
  if (known && await isRunning(known.server, io.env)) return await doctor({ positionals: [named], values: { config: values.config } }, io)
  if (!known) readNamed(named, {}) // before anybody types a password
  const credentials = values.user === undefined || known ? undefined : await askPassword(values.user, io)
  const target = known?.target ?? readNamed(named, { credentials, allowSelfSigned: values['allow-self-signed'] })
  const probed = await withProgress(io, 'connecting', say => probe(target, say))
  const { report, camera } = probed
  const picture = values.picture === undefined ? undefined : await writePicture(values.picture, probed)
  const yaml = yamlOf(report, camera, known ? named : undefined)
  answer(io, [describeProbe(report), ...picture === undefined ? [] : [`  ${picture}\n`], ...yaml === undefined ? [] : ['\n', yaml]].join(''), { ...report, yaml: yaml ?? null })
  return report.failure ? exitCodes[report.failure.code] : 0
}

interface KnownCamera { readonly target: ProbeTarget, readonly server: Registry['server'] }

/** The camera of the configuration with this id. A file that is not there, or has faults, has none: what is named is then a host. */
function knownCamera (named: string, config: string | undefined, env: Io['env']): KnownCamera | undefined {
  if (!/^[\w-]{1,64}$/.test(named)) return undefined
  const { registry } = readConfiguration(configPath(config, env), env)
  const camera = registry?.cameras.find(({ id }) => id === named)
  if (!registry || !camera) return undefined
  if (!isOfNetwork(camera)) throw misused(`${camera.name} has no address on the network: camgate devices lists webcams, and camgate doctor ${named} says how it is.`)
  addSecrets(camera.secrets ?? [])
  return { target: { kind: 'camera', camera }, server: registry.server }
}

async function isRunning ({ host, port }: Registry['server'], env: Io['env']): Promise<boolean> {
  const given = addressOf({}, env)
  return await askCamgate({ host: given.host ?? host, port: given.port ?? port, path: '/health/live' }) !== undefined
}

function readNamed (named: string, options: TargetOptions): ProbeTarget {
  try {
    return readTarget(named, options)
  } catch (error) {
    throw error instanceof SourceError ? misused(`${named.includes('@') ? 'The address' : JSON.stringify(named)} cannot be probed: ${error.message}.`) : error
  }
}

async function probe (target: ProbeTarget, progress: (what: string) => void): Promise<Probed> {
  const credentials = target.kind === 'host' ? target.credentials : target.camera.credentials
  if (credentials) addCredentials(credentials)
  const parts = { clock: systemClock, signal: new AbortController().signal, asksPorts: true, progress }
  return target.kind === 'host' ? await probeHost(target, parts) : await probeCamera(target.camera, parts)
}

/** Returns what became of it, in words. */
async function writePicture (file: string, { key }: Probed): Promise<string> {
  if (!key) return 'No picture was written: none came that can be decoded by itself.'
  const jpeg = await jpegOf(key, new FfmpegInstall(), AbortSignal.timeout(10_000)).catch((error: unknown) => {
    throw new CamgateError('NO_FFMPEG', `ffmpeg cannot decode the camera's picture: ${messageOf(error)}`)
  })
  await writeFile(file, jpeg).catch((error: unknown) => { throw new CamgateError('USAGE', `The picture cannot be written: ${messageOf(error)}`) })
  return `picture       ${file}, ${Math.ceil(jpeg.length / 1_000)} kB`
}

const misused = (problem: string) => new CamgateError('USAGE', `${problem}\n\n${usage}`)
