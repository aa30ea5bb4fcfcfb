import { answer, type Io } from '../cli/command.js'
import type { Parsed } from '../cli/options.js'
import { start } from '../cli/start.js'
import { CamgateError } from '../errors.js'
import type { Fault } from '../faults/fault.js'
import { faultSyntax, parseFault } from '../faults/fault-syntax.js'
import { quirkDescriptions, type Quirk } from '../faults/quirk.js'
import { findFfmpeg } from '../ffmpeg/binary.js'
import { onvifQuirks, type OnvifQuirk } from '../simulator/onvif/quirk.js'
import { defaultCredentials, type SimulatedCamera } from '../simulator/simulated-camera.js'
import { startSimulator, type Simulator } from '../simulator/simulator.js'

const CODECS = ['h264', 'h265', 'mjpeg'] as const
const AUTHS = ['none', 'basic', 'digest'] as const

export const usage = `camgate simulate [OPTIONS]

Runs RTSP cameras that do not exist, until Ctrl+C, and prints their addresses. --json: { cameras: [{ name, url }] }, once they run.

  --cameras N       how many, 1 to 500 (1)
  --port N          the first one's port; each camera has the next one (8554)
  --codec NAME      h264, h265 or mjpeg (h264)
  --auth NAME       none, basic or digest (none)
  --tls             rtsps:, with a certificate that the camera has signed itself
  --username NAME, --password TEXT   for basic and digest (${defaultCredentials.username}, ${defaultCredentials.password})
  --width, --height pixels (960x544); --fps N pictures a second, 0.1 to 60 in tenths (20)
  --fault FAULT     for every camera, or 2=FAULT for camera 2 alone; may be repeated. FAULT is
                    ${faultSyntax}
  --quirk QUIRK     what every camera does wrong as long as it runs; may be repeated. QUIRK is one of
${Object.entries(quirkDescriptions).map(([name, description]) => `                    ${name}: ${description}`).join('\n')}
  --onvif           cameras that camgate discover finds, and that can be moved; their ONVIF always asks for the password
  --onvif-quirk Q   what their ONVIF does wrong; may be repeated: ${Object.keys(onvifQuirks).join(', ')}

  camgate simulate --cameras 3 --fault 2=silent:30
`

export const options = {
  cameras: { type: 'string', default: '1' },
  port: { type: 'string', default: '8554' },
  codec: { type: 'string', default: 'h264', values: CODECS },
  auth: { type: 'string', default: 'none', values: AUTHS },
  tls: { type: 'boolean', default: false },
  username: { type: 'string' },
  password: { type: 'string' },
  width: { type: 'string', default: '960' },
  height: { type: 'string', default: '544' },
  fps: { type: 'string', default: '20' },
  fault: { type: 'string', multiple: true, default: [] as string[] },
  quirk: { type: 'string', multiple: true, default: [] as string[], values: Object.keys(quirkDescriptions) },
  onvif: { type: 'boolean', default: false },
  'onvif-quirk': { type: 'string', multiple: true, default: [] as string[], values: Object.keys(onvifQuirks) }
} as const

export async function run ({ values }: Parsed<typeof options>, io: Io): Promise<undefined> {
  await start(io, async (_log, shutdown) => {
    const simulator = await simulate(values, findFfmpeg() ?? 'ffmpeg', io, shutdown.signal)
    shutdown.add(() => simulator.close())
  })
}

/**
 * Starts the cameras and prints the URL of each, with credentials only if the command line gave them.
 *
 * @throws {CamgateError} USAGE for invalid arguments, and everything that `startSimulator` throws
 */
export async function simulate (
  values: Parsed<typeof options>['values'], ffmpegPath: string, io: Pick<Io, 'json' | 'stdout'>, signal?: AbortSignal
): Promise<Pick<Simulator, 'close'>> {
  const count = whole('cameras', values.cameras, 1, 500)
  const firstPort = whole('port', values.port, 1, 65_536 - count)
  const faults = faultsOf(values.fault, count)
  const camera = {
    codec: oneOf('codec', values.codec, CODECS),
    auth: oneOf('auth', values.auth, AUTHS),
    width: whole('width', values.width, 256, 7680),
    height: whole('height', values.height, 64, 7680),
    tls: values.tls,
    quirks: values.quirk.map(quirk => oneOf('quirk', quirk, Object.keys(quirkDescriptions) as Quirk[])),
    fps: tenths('fps', values.fps, 0.1, 60),
    ...(values.onvif && { onvif: { quirks: values['onvif-quirk'].map(quirk => oneOf('onvif-quirk', quirk, Object.keys(onvifQuirks) as OnvifQuirk[])) } }),
    ...(values.username !== undefined && { username: values.username }),
    ...(values.password !== undefined && { password: values.password })
  }
  const cameras = Array.from({ length: count }, (_, index): SimulatedCamera => {
    const id = String(index + 1)
    const fault = faults.get(id) ?? faults.get('')
    return { ...camera, id, name: `Camera ${id}`, port: firstPort + index, ...(fault && { fault }) }
  })
  if (!io.json) io.stdout.write('Preparing the pictures; the first time takes a few seconds for each camera.\n')
  const simulator = await startSimulator({ ffmpegPath, cameras, discovery: values.onvif, ...(signal && { signal }) })
  const started = cameras.map(({ id, name }) => ({ name, url: withCredentials(simulator.url(id), camera), ...values.onvif && { onvif: simulator.onvif(id)?.url } }))
  answer(io, started.map(({ name, url, onvif }) => `${name}: ${url}${onvif ? ` and ${onvif}` : ''}\n`).join(''), { cameras: started })
  return simulator
}

/** Faults by camera id; the one under '' is for every other camera. */
function faultsOf (texts: readonly string[], count: number): Map<string, Fault> {
  return new Map(texts.map(text => {
    const [, id = '', fault = ''] = /^(?:([^=]*)=)?(.*)$/s.exec(text) ?? []
    if (text.includes('=')) whole('fault', id, 1, count)
    return [id, parseFault(fault)]
  }))
}

function withCredentials (url: string, { auth, username, password }: Pick<SimulatedCamera, 'auth' | 'username' | 'password'>): string {
  if (auth === 'none' || password === undefined) return url
  const pair = [username ?? defaultCredentials.username, password].map(encodeURIComponent).join(':')
  return url.replace('://', `://${pair}@`)
}

function whole (name: string, text: string, min: number, max: number): number {
  const value = /^[1-9]\d{0,5}$/.test(text) ? Number(text) : NaN
  if (value >= min && value <= max) return value
  throw new CamgateError('USAGE', `--${name}: expected a whole number from ${min} to ${max}, received ${JSON.stringify(text)}.`)
}

/** A rate in tenths, so that a clip, which lasts ten seconds, has a whole number of pictures. */
function tenths (name: string, text: string, min: number, max: number): number {
  const value = /^\d{1,2}(\.\d)?$/.test(text) ? Number(text) : NaN
  if (value >= min && value <= max) return value
  throw new CamgateError('USAGE', `--${name}: expected a number from ${min} to ${max} with at most one decimal, received ${JSON.stringify(text)}.`)
}

function oneOf<Name extends string> (option: string, text: string, names: readonly Name[]): Name {
  const found = names.find(name => name === text)
  if (found !== undefined) return found
  throw new CamgateError('USAGE', `--${option}: expected ${names.join(', ')}; received ${JSON.stringify(text)}.`)
}
