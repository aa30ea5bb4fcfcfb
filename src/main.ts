#!/usr/bin/env node
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { nearest } from './text/nearest.js'
import { addSecrets } from './text/redact.js'
import { withEnvironment } from './config/environment.js'
import type { Registry } from './config/registry.js'
import { secretsOfAuth } from './config/secrets.js'
import { CamgateError, messageOf, type ErrorCode, type StartErrorCode } from './errors.js'
import { parseOptions } from './cli/options.js'
import type { SignOptions } from './cli/sign.js'
import { version } from './package.js'
import { EXIT, type Shutdown } from './cli/shutdown.js'
import { inPlace, listed } from './yaml/diagnostic.js'

const HELP = `camgate ${version}: pictures of IP cameras for any web page

  camgate [serve] [FILE] [--host HOST] [--port PORT]   serve the cameras of FILE
  camgate check [FILE]                                 check a configuration, and the key and certificate that it names
  camgate health [--host HOST] [--port PORT]           whether camgate answers, for Docker: the exit code is 0 or 1
  camgate devices                                      the webcams of this machine
  camgate password                                     the hash of a password, for server.auth in cameras.yaml
  camgate sign /camera/1 --as USER [--for 10m]         a link that opens a picture for a while
  camgate simulate [--help]                            RTSP cameras that do not exist
  camgate version                                      the version: ${version}

FILE may also be given as --config FILE or -c FILE. Without it, it is cameras.yaml, or CAMGATE_CONFIG; HOST, PORT, LOG_LEVEL,
CAMGATE_AUTH (none) and CAMGATE_ORIGINS are read from the environment, too. On any host but this machine's own, server.auth or
CAMGATE_AUTH=none has to say who may come in.
`

const exitCodes: Readonly<Partial<Record<ErrorCode, number>>> = {
  CONFIG: EXIT.config,
  NO_FFMPEG: EXIT.unavailable,
  PORT_BUSY: EXIT.unavailable,
  STATE: EXIT.config,
  TLS: EXIT.config,
  USAGE: EXIT.usage
} satisfies Record<StartErrorCode, number>

const configFile = (file?: string) => resolve(file || process.env.CAMGATE_CONFIG || 'cameras.yaml')

const config = { type: 'string', short: 'c' } as const

/** The command's file, given by its name alone or with --config. */
function fileOf (command: string, { positionals, values }: { positionals: string[], values: { config?: string | undefined } }): string {
  const [file, ...more] = [...positionals, ...values.config === undefined ? [] : [values.config]]
  if (more.length > 0) throw new CamgateError('USAGE', `${command} takes one file\n\n${HELP}`)
  return configFile(file)
}

function portOf ({ port = process.env.PORT || undefined }: { port?: string | undefined }): number | undefined {
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) <= 65_535)) {
    throw new CamgateError('USAGE', `The port is a whole number from 0 to 65535 (0: any free one), not ${JSON.stringify(port)}.`)
  }
  return port === undefined ? undefined : Number(port)
}

function serverOf (registry: Registry, flags: { host?: string | undefined, port?: string | undefined }): Registry['server'] {
  const server = withEnvironment(registry.server, process.env)
  return { ...server, host: flags.host ?? (process.env.HOST || server.host), port: portOf(flags) ?? server.port }
}

const address = { host: { type: 'string' }, port: { type: 'string' } } as const

const commands: Record<string, (args: string[]) => Promise<void>> = {
  async serve (args) {
    const parsed = parseOptions({ args, allowPositionals: true, options: { config, ...address } }, HELP)
    const file = fileOf('serve', parsed)
    const registry = await load(file)
    const server = serverOf(registry, parsed.values)
    if (typeof server.auth === 'object') addSecrets(secretsOfAuth(server.auth))
    const { serve } = await import('./serve.js') // `check` does not need it
    const { log, shutdown } = await begin()
    for (const warning of registry.warnings) log.warn(inPlace(file, warning))
    await start(shutdown, () => serve({ ...registry, server }, file, log, shutdown))
  },
  async check (args) {
    const file = fileOf('check', parseOptions({ args, allowPositionals: true, options: { config } }, HELP))
    const { server: { tls }, cameras, warnings } = await load(file)
    if (warnings.length > 0) process.stdout.write(`${listed(file, warnings, 'warning')}\n`)
    const verdict = `${file} is good: ${cameras.length} camera${cameras.length === 1 ? '' : 's'}`
    if (typeof tls === 'object') {
      const { checkPair } = await import('./tls/pair-files.js')
      const warning = await checkPair(tls, Date.now()).catch(error => {
        throw error instanceof CamgateError ? new CamgateError(error.code, `${error.message}\nApart from that, ${verdict}`, { cause: error }) : error
      })
      if (warning) process.stdout.write(`${warning}\n`)
    }
    process.stdout.write(`${verdict}\n`)
  },
  async health (args) {
    const { values } = parseOptions({ args, options: address }, HELP)
    const { isHealthy } = await import('./cli/health.js')
    const port = portOf(values) ?? (await import('./config/server-schema.js')).serverPresets.port
    if (await isHealthy(values.host ?? process.env.HOST ?? '', port)) return
    process.stderr.write(`No camgate that takes viewers answers on port ${port}.\n`)
    process.exitCode = EXIT.unhealthy
  },
  async devices (args) {
    parseOptions({ args }, HELP)
    const { FfmpegInstall } = await import('./ffmpeg/install.js')
    const { describeDevices, thisMachine } = await import('./cli/devices.js')
    const { path } = await new FfmpegInstall().locate().catch(() => {
      throw new CamgateError('NO_FFMPEG', 'ffmpeg is not there or cannot be run, and only ffmpeg can list the devices. Install it, or set FFMPEG_PATH.')
    })
    process.stdout.write(await describeDevices(thisMachine(path)))
  },
  async password (args) {
    const { positionals } = parseOptions({ args, allowPositionals: true }, HELP)
    if (positionals.length > 0) throw new CamgateError('USAGE', 'camgate password takes no arguments, because everybody on this machine can read them: it asks for the password, or reads one line.')
    const { makePasswordHash } = await import('./cli/password.js')
    await makePasswordHash(process)
  },
  async sign (args) {
    const { parseSignOptions, signFor } = await import('./cli/sign.js')
    const options = parseSignOptions(args)
    process.stdout.write(`${signFor(options, await linkKeys(options), Date.now())}\n`)
  },
  async simulate (args) {
    const { simulate } = await import('./simulator/cli.js')
    const { findFfmpeg } = await import('./ffmpeg/binary.js')
    const { shutdown } = await begin()
    await start(shutdown, async () => {
      const simulator = await simulate(args, findFfmpeg() ?? 'ffmpeg', shutdown.signal)
      shutdown.add(() => simulator.close())
    })
  }
}

/** Those of the configuration. Where there is none, or none of its keys is for links, as on a machine that only signs: CAMGATE_LINK_KEY. */
async function linkKeys ({ kid = 'k1', file }: SignOptions): Promise<ReadonlyMap<string, string>> {
  const path = configFile(file)
  const auth = file !== undefined || existsSync(path) ? (await load(path)).server.auth : undefined
  if (typeof auth === 'object' && auth.links) return auth.links.keys
  const key = process.env.CAMGATE_LINK_KEY
  if (!key) throw new CamgateError('CONFIG', `There is no key to sign with: ${path} has no server.auth.links, and CAMGATE_LINK_KEY is not set.`)
  return new Map([[kid, key]])
}

/** Imports the parser late: `--help` does not need it, and takes a fifth of the time without it. */
async function load (file: string): Promise<Registry> {
  const { loadRegistry } = await import('./config/load.js')
  return loadRegistry(file, process.env)
}

/** Sets up the log, and a shutdown that closes everything the process opens. */
async function begin () {
  const { createLog } = await import('./cli/log.js')
  const { Shutdown } = await import('./cli/shutdown.js')
  const log = createLog()
  return { log, shutdown: new Shutdown(log) }
}

/** Runs a start-up. A shutdown that begins meanwhile waits for it to finish. */
async function start (shutdown: Shutdown, go: () => Promise<void>): Promise<void> {
  const started = go().catch((error: unknown) => {
    if (!shutdown.signal.aborted) void fail(error, code => shutdown.end(code)) // otherwise the shutdown cancelled it
  })
  shutdown.add(() => started)
  await started
}

/** Prints a CamgateError's message; any other error is a defect and is printed with its stack. */
async function fail (error: unknown, exit: (code: number) => unknown): Promise<void> {
  const known = error instanceof CamgateError ? exitCodes[error.code] ?? EXIT.unavailable : undefined
  process.stderr.write(`${known ? messageOf(error) : error instanceof Error ? error.stack : String(error)}\n`)
  await exit(known ?? EXIT.software)
}

/** A closed pipe is no failure: `head` closes it when it has read enough. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return
  process.exitCode = EXIT.output
  process.stderr.write(`camgate cannot write to its standard output: ${error.code === 'ENOSPC' ? 'the disk is full' : messageOf(error)}.\n`)
})
process.stderr.on('error', () => {})

const [first = 'serve', ...rest] = process.argv.slice(2)
const isOption = first.startsWith('-') && first !== '-'
const isFile = /\.ya?ml$/i.test(first) // `camgate cameras.yaml` means `camgate serve cameras.yaml`
const [name, args] = isOption || isFile ? ['serve', [first, ...rest]] : [first, rest]
const command = Object.hasOwn(commands, name) ? commands[name] : undefined
if (first === 'help' || isHelp(first)) process.stdout.write(HELP)
else if (['version', '--version', '-v', '-V'].includes(first)) process.stdout.write(`${version}\n`)
else if (command && args.some(isHelp)) {
  process.stdout.write(name === 'simulate' ? (await import('./simulator/cli.js')).simulateUsage : name === 'sign' ? (await import('./cli/sign.js')).signUsage : HELP)
} else if (command) await command(args).catch(error => fail(error, code => process.exit(code)))
else {
  const near = nearest(name, [...Object.keys(commands), 'version', 'help'])
  const meant = near ? `; did you mean camgate ${near}?` : ''
  await fail(new CamgateError('USAGE', `There is no command ${JSON.stringify(name)}${meant}\n\n${HELP}`), code => process.exit(code))
}

function isHelp (arg: string): boolean {
  return arg === '--help' || arg === '-h'
}
