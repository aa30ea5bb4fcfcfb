#!/usr/bin/env node
import { resolve } from 'node:path'
import { parseArgs, type ParseArgsConfig } from 'node:util'
import { loadRegistry } from './config/load.js'
import type { Registry } from './config/registry.js'
import { CamgateError, messageOf } from './errors.js'
import { version } from './package.js'
import { EXIT, type Shutdown } from './shutdown.js'

const HELP = `camgate ${version}: pictures of IP cameras for any web page

  camgate serve [--config FILE] [--host HOST] [--port PORT]   serve the cameras of FILE
  camgate check [--config FILE | FILE]                        check a configuration, and nothing else
  camgate devices                                             the webcams of this machine
  camgate simulate [--help]                                   RTSP cameras that do not exist

FILE is cameras.yaml, or CAMGATE_CONFIG; HOST, PORT and LOG_LEVEL are read from the environment, too.
`

const exitCodes: Readonly<Record<string, number>> = { CONFIG: EXIT.config, USAGE: EXIT.usage }

const configFile = (file?: string) => resolve(file || process.env.CAMGATE_CONFIG || 'cameras.yaml')

/** @throws {CamgateError} USAGE */
function parse<T extends ParseArgsConfig> (config: T) {
  try {
    return parseArgs(config)
  } catch (error) {
    throw new CamgateError('USAGE', `${messageOf(error)}\n\n${HELP}`)
  }
}

function serverOf (registry: Registry, flags: { host?: string | undefined, port?: string | undefined }): Registry['server'] {
  const port = flags.port ?? (process.env.PORT || undefined)
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) <= 65_535)) {
    throw new CamgateError('USAGE', `The port is a whole number from 0 to 65535 (0: any free one), not ${JSON.stringify(port)}.`)
  }
  return { ...registry.server, host: flags.host ?? (process.env.HOST || registry.server.host), port: port === undefined ? registry.server.port : Number(port) }
}

const commands: Record<string, (args: string[]) => Promise<void>> = {
  async serve (args) {
    const { values } = parse({ args, options: { config: { type: 'string' }, host: { type: 'string' }, port: { type: 'string' } } })
    const registry = await loadRegistry(configFile(values.config), process.env)
    const server = serverOf(registry, values)
    const { serve } = await import('./serve.js') // `check` and `--help` need none of it
    const { log, shutdown } = await begin()
    await start(shutdown, () => serve({ ...registry, server }, log, shutdown))
  },
  async check (args) {
    const { positionals, values } = parse({ args, allowPositionals: true, options: { config: { type: 'string' } } })
    const [file, ...more] = [...positionals, ...values.config === undefined ? [] : [values.config]]
    if (more.length > 0) throw new CamgateError('USAGE', `check takes one file\n\n${HELP}`)
    const { cameras } = loadRegistry(configFile(file), process.env)
    process.stdout.write(`${configFile(file)} is good: ${cameras.length} camera${cameras.length === 1 ? '' : 's'}\n`)
  },
  async devices (args) {
    parse({ args })
    const { Toolchain } = await import('./ffmpeg/toolchain.js')
    const { describeDevices, thisMachine } = await import('./devices.js')
    const { path } = await new Toolchain().locate().catch(() => {
      throw new CamgateError('NO_FFMPEG', 'ffmpeg is not there or cannot be run, and it is who knows the devices. Install it, or set FFMPEG_PATH.')
    })
    process.stdout.write(await describeDevices(thisMachine(path)))
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

/** From here on the process has a log, and ends in order. */
async function begin () {
  const { createLog } = await import('./log.js')
  const { Shutdown } = await import('./shutdown.js')
  const log = createLog()
  return { log, shutdown: new Shutdown(log) }
}

/** Starts what `shutdown` ends; an end that comes meanwhile waits until nothing is being started any more. */
async function start (shutdown: Shutdown, go: () => Promise<void>): Promise<void> {
  const started = go().catch((error: unknown) => {
    if (!shutdown.signal.aborted) void fail(error, code => shutdown.end(code)) // else it was called off
  })
  shutdown.add(() => started)
  await started
}

/** An error of ours is one clear text; any other is a defect, and shows where. */
async function fail (error: unknown, exit: (code: number) => unknown): Promise<void> {
  const known = error instanceof CamgateError ? exitCodes[error.code] ?? EXIT.unavailable : undefined
  process.stderr.write(`${known ? messageOf(error) : error instanceof Error ? error.stack : String(error)}\n`)
  await exit(known ?? EXIT.software)
}

const [name = 'serve', ...args] = process.argv.slice(2)
const command = Object.hasOwn(commands, name) ? commands[name] : undefined
if (name === '--help' || name === '-h' || name === 'help') process.stdout.write(HELP)
else if (name === '--version') process.stdout.write(`${version}\n`)
else if (command && args.some(arg => arg === '--help' || arg === '-h')) {
  process.stdout.write(name === 'simulate' ? (await import('./simulator/cli.js')).simulateUsage : HELP)
} else if (command) await command(args).catch(error => fail(error, code => process.exit(code)))
else await fail(new CamgateError('USAGE', `camgate knows no command ${JSON.stringify(name)}\n\n${HELP}`), code => process.exit(code))
