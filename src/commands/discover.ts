import PQueue from 'p-queue'
import { answer, type Io } from '../cli/command.js'
import { EXIT } from '../cli/exit.js'
import type { Parsed } from '../cli/options.js'
import { askPassword } from '../cli/password.js'
import { withProgress } from '../cli/progress.js'
import { systemClock } from '../clock.js'
import type { Credentials } from '../credentials.js'
import { describe, undescribed, type DescribedDevice } from '../discovery/describe.js'
import { hostsOf } from '../discovery/hosts.js'
import { search } from '../discovery/search.js'
import { tableOf } from '../discovery/words.js'
import { camerasOf, yamlOf } from '../discovery/yaml.js'
import { CamgateError } from '../errors.js'
import { addCredentials } from '../text/redact.js'

export const usage = `camgate discover [HOST|RANGE ...] [--user NAME] [--timeout SECONDS]

Finds cameras that speak ONVIF, on every network of this machine; or, where multicast does not reach (Docker's bridge, other VLANs), the HOSTs and RANGEs that
you name, at most 50 a second. With --user it logs in to each once, and prints their streams as lines for cameras.yaml. --json: the cameras, and yaml.

  --user NAME         log in; the password is asked for, or CAMGATE_PASSWORD, or one line of the standard input.
                      Whoever answers is shown a proof of it, never the password itself
  --timeout SECONDS   how long to wait for answers, 0.1 to 60 (2)

The exit code is 0 if cameras were found; ${EXIT.unavailable} none answered.

  camgate discover --user admin
  camgate discover 192.168.1.0/24 --user admin > cameras.yaml
`
export const options = {
  user: { type: 'string' },
  timeout: { type: 'string', default: '2' }
} as const
export const operands: readonly string[] = []

/** Cameras are slow, and there may be hundreds. */
const DEVICES_AT_ONCE = 20

export async function run ({ positionals, values }: Parsed<typeof options>, io: Io): Promise<number> {
  const waitMs = secondsOf(values.timeout) * 1_000
  const hosts = positionals.length > 0 ? hostsOf(positionals) : undefined
  const credentials = values.user === undefined ? undefined : await askPassword(values.user, io)
  if (credentials) addCredentials(credentials)
  const devices = await withProgress(io, hosts ? `Asking ${hosts.length} host${hosts.length === 1 ? '' : 's'}` : 'Asking who is there', async say => await findDevices(credentials, { waitMs, hosts, say }))
  const yaml = credentials && yamlOf(camerasOf(devices), credentials.username)
  answer(io, textOf(devices, yaml, hosts !== undefined), { cameras: devices, yaml: yaml ?? null })
  return devices.length > 0 ? 0 : EXIT.unavailable
}

interface Find { readonly waitMs?: number, readonly hosts?: readonly string[] | undefined, say (doing: string): void }

/** Finds devices, and with a login asks each for its streams. In order of their addresses. */
export async function findDevices (credentials: Credentials | undefined, { waitMs = Number(options.timeout.default) * 1_000, hosts, say }: Find): Promise<DescribedDevice[]> {
  const devices: DescribedDevice[] = []
  const queue = new PQueue({ concurrency: DEVICES_AT_ONCE })
  let found = 0
  await search({ waitMs, clock: systemClock, ...hosts && { hosts } }, device => {
    say(`${++found} found`)
    void queue.add(async () => { devices.push(credentials ? await describe(device, credentials, systemClock) : undescribed(device)) })
  })
  await queue.onIdle()
  return devices.sort((one, other) => one.onvif.localeCompare(other.onvif, 'en', { numeric: true }))
}

/** The table as a comment, so that all of it can go to a file. */
function textOf (devices: readonly DescribedDevice[], yaml: string | undefined, named: boolean): string {
  if (devices.length === 0) {
    return `No camera has answered. ONVIF may be turned off in it.${named ? '' : ' Multicast does not reach other networks, nor out of a Docker bridge: name the cameras\' range, as in camgate discover 192.168.1.0/24.'}\n`
  }
  const table = `${devices.length} camera${devices.length === 1 ? '' : 's'} answered:\n${tableOf(devices)}`
  if (yaml === undefined) return `${table}${devices.every(({ problem }) => problem === null) ? 'Their streams need a login: give --user NAME.\n' : ''}`
  return table.replace(/^/gm, '# ').replace(/# $/, '') + yaml
}

function secondsOf (text: string): number {
  const seconds = /^\d{1,2}(\.\d)?$/.test(text) ? Number(text) : NaN
  if (seconds >= 0.1 && seconds <= 60) return seconds
  throw new CamgateError('USAGE', `--timeout: expected seconds from 0.1 to 60, received ${JSON.stringify(text)}.\n\n${usage}`)
}
