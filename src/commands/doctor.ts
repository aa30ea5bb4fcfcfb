import { askCamgate } from '../cli/ask-camgate.js'
import { addressOf, addressOptions } from '../cli/address.js'
import { answer, type Io } from '../cli/command.js'
import { configOption, configPath } from '../cli/files/config-file.js'
import type { Parsed } from '../cli/options.js'
import { readPassword } from '../cli/password.js'
import { withProgress } from '../cli/progress.js'
import { systemClock } from '../clock.js'
import type { Camera } from '../config/registry.js'
import { serverPresets } from '../config/server-schema.js'
import { lookAtCameras, type CameraFindings } from '../doctor/cameras.js'
import { asServiceSeesIt, readConfiguration } from '../doctor/configuration.js'
import { readFacts } from '../doctor/facts.js'
import { ffmpegFindings } from '../doctor/ffmpeg.js'
import { finding, worstFirst, type Finding } from '../doctor/finding.js'
import { clockFindingsOf, machineFindings } from '../doctor/machine.js'
import { askService, type ServiceReport } from '../doctor/service.js'
import { describeFindings } from '../doctor/words.js'
import { CamgateError } from '../errors.js'
import { FfmpegInstall } from '../ffmpeg/install.js'
import { maxConnectionsFor, maxViewersFor, openFileLimit } from '../http/connections.js'
import { addSecrets } from '../text/redact.js'

export const usage = `camgate doctor [ID] [--config FILE] [--host HOST] [--port PORT] [--user NAME]

Looks for what is wrong, and says why and what to do, worst first: Node, ffmpeg, limits, clock, disk, the configuration, a camgate that runs here, and
each camera, or only the camera ID. A running camgate is asked about its cameras; if none runs, each camera is contacted once. --json: { findings, cameras }.

  --user NAME   log in to the running camgate; the password is asked for, or CAMGATE_PASSWORD. A token is taken from CAMGATE_TOKEN
  --host HOST   where it listens (HOST, or server.host)
  --port PORT   its port (PORT, or server.port)

The exit code is 0 if nothing is wrong, 1 if there are warnings, 2 if there are errors.

  camgate doctor gate
`
export const options = { ...configOption, ...addressOptions, user: { type: 'string' } } as const
export const operands = 'camera'

export async function run ({ positionals: [id, ...more], values }: Parsed<typeof options>, io: Io): Promise<number> {
  if (more.length > 0) throw new CamgateError('USAGE', `doctor takes one camera, or none.\n\n${usage}`)
  const headers = await proofOf(values.user, io)
  const { findings, cameras } = await withProgress(io, 'looking at this machine', say => examine(id, { config: values.config, address: addressOf(values, io.env), headers, env: io.env, say }))
  const sorted = worstFirst(findings)
  answer(io, describeFindings(sorted), { findings: sorted, cameras: Object.fromEntries(cameras.map(({ id, report }) => [id, report ?? null])) })
  return sorted.some(({ level }) => level === 'error') ? 2 : sorted.some(({ level }) => level === 'warning') ? 1 : 0
}

/** The header that shows a running camgate who asks. */
async function proofOf (user: string | undefined, { env, stdin, stderr }: Io): Promise<Record<string, string> | undefined> {
  if (user !== undefined) {
    const password = env.CAMGATE_PASSWORD ?? await readPassword({ stdin, stderr }, [`Password of ${user} at camgate: `])
    addSecrets([password])
    return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` }
  }
  return env.CAMGATE_TOKEN ? { authorization: `Bearer ${env.CAMGATE_TOKEN}` } : undefined
}

interface Wanted {
  readonly config: string | undefined
  readonly address: ReturnType<typeof addressOf>
  readonly headers: Record<string, string> | undefined
  readonly env: Io['env']
  readonly say: (doing: string) => void
}

async function examine (id: string | undefined, { config, address, headers, env, say }: Wanted): Promise<{ findings: Finding[], cameras: CameraFindings[] }> {
  const { registry, findings: ofThisTerminal } = readConfiguration(configPath(config, env), env)
  const all = registry?.cameras ?? []
  const server = registry?.server
  say('asking the camgate that runs here')
  const service = await askService({
    host: address.host ?? server?.host ?? '', port: address.port ?? server?.port ?? serverPresets.port, headers, ask: askCamgate, now: Date.now()
  }, id === undefined ? undefined : [id])
  const ofFile = service.usesFile ? asServiceSeesIt(ofThisTerminal) : ofThisTerminal
  if (id !== undefined && !all.some(camera => camera.id === id) && service.cameras?.has(id) !== true) throw unknownCamera(id, all)
  const wanted = all.filter(camera => id === undefined || camera.id === id)
  say(`looking at ${wanted.length === 1 ? wanted[0]!.name : `${wanted.length} cameras`}`)
  const cameras = await camerasOf(service, wanted, say)
  const offsets = cameras.flatMap(({ report }) => report?.clockOffMs ?? [])
  const ofCameras = cameras.flatMap(({ findings }) => findings)
  if (id !== undefined) return { findings: [...ofFile.filter(({ level }) => level === 'error'), ...service.findings, ...ofCameras], cameras }
  say('looking at this machine')
  const maxViewers = maxViewersFor(maxConnectionsFor(openFileLimit(), all))
  const machine = [...machineFindings(await readFacts(server?.stateDir), all, maxViewers), ...await ffmpegFindings(new FfmpegInstall(), all)]
  const running = service.isRunning ? [] : [finding('note', 'service', 'not-running', 'No camgate runs here.', 'Start it with camgate serve, or say where it listens with --host and --port.')]
  return { findings: [...ofFile, ...service.findings, ...running, ...ofCameras, ...clockFindingsOf(offsets), ...machine], cameras }
}

/** As the running camgate knows them. Only if none runs, they are contacted. */
async function camerasOf ({ isRunning, cameras }: ServiceReport, wanted: readonly Camera[], say: (doing: string) => void): Promise<CameraFindings[]> {
  if (!isRunning) return await lookAtCameras(wanted, { clock: systemClock, signal: new AbortController().signal, asksPorts: true, progress: say })
  return [...cameras ?? []].map(([id, findings]) => ({ id, findings, report: undefined }))
}

const unknownCamera = (id: string, cameras: readonly Camera[]) =>
  new CamgateError('USAGE', `There is no camera ${JSON.stringify(id)}. ${cameras.length === 0 ? 'There is none in the configuration.' : `The cameras are: ${cameras.map(camera => camera.id).join(', ')}.`}`)
