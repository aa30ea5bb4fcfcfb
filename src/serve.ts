import type { Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Server as TlsServer } from 'node:tls'
import { setFlagsFromString } from 'node:v8'
import type { Logger } from 'pino'
import { accessChange } from './access/access-change.js'
import { appSettings } from './app-settings.js'
import { buildApp } from './app.js'
import { Fleet } from './camera/fleet.js'
import { noStoppedCameras, StoppedCamerasFile, type StoppedCameras } from './camera/stopped-cameras.js'
import { cameraLaunch } from './capture/camera-launch.js'
import type { Shutdown } from './cli/shutdown.js'
import { Systemd } from './cli/systemd.js'
import { systemClock } from './clock.js'
import { placesOf } from './config/notify/camera-places.js'
import type { Registry } from './config/registry.js'
import { secretsOfAuth } from './config/secrets.js'
import type { ServerSettings } from './config/server.js'
import { noteLog } from './decoder/note-log.js'
import { addressesOf, exposureOf, openWarning, requireAuth } from './door/exposure.js'
import { CameraFile } from './edit/camera-file.js'
import { CamgateError } from './errors.js'
import { CameraEvents } from './events/camera-events.js'
import { FfmpegInstall } from './ffmpeg/install.js'
import { maxConnectionsFor, openFileLimit } from './http/connections.js'
import { listen, listenPlainly } from './http/listen.js'
import { redirectServer } from './http/redirect.js'
import { StartLimiter } from './lifecycle/start-limiter.js'
import { Exposition } from './metrics/exposition.js'
import { Notifier } from './notify/notifier.js'
import { Configuration, type ConfigurationParts } from './reload/configuration.js'
import { ffmpegEncode } from './renditions/encoding.js'
import { Simulated } from './simulated.js'
import { StateFolder } from './state-folder.js'
import { Drawing } from './stream/drawing.js'
import { addSecrets } from './text/redact.js'
import { dnsNamesOf } from './tls/key-pair.js'
import { openCertificate } from './tls/open-certificate.js'
import { secureOptions } from './tls/server-certificate.js'
import { ffmpegTranscode } from './transcode/transcoder.js'

/** Attempts cost little: most start no process. */
const ATTEMPTS_AT_ONCE = 16
/** A decoder shows its first picture sooner unless the machine has too much to do. Then the others must not wait: they have to report the overload. */
const DECODER_START_MS = 750

/**
 * How far memory may grow until V8 collects garbage. By itself V8 decides that by the rate at which the heap grows, but then counts the pictures,
 * which are outside of the heap: with 64 cameras it collected two to four times a second, which took a sixth of the CPU time (decision 0034).
 */
const HEAP_GROWTH_PERCENT = 100

/** A configuration, and what it takes to read it again. */
export interface Served extends Pick<ConfigurationParts, 'file' | 'registry' | 'contents' | 'env'> {
  /** Lets the command line and the environment take precedence. @throws {CamgateError} CONFIG */
  readonly settle: (server: ServerSettings) => ServerSettings
}

/** Serves the registry's cameras until `shutdown` ends them, and follows the changes of its file. Resolves when it listens. @throws {CamgateError} CONFIG, PORT_BUSY, STATE, TLS */
export async function serve ({ file, registry, contents, env, settle }: Served, log: Logger, shutdown: Shutdown): Promise<void> {
  const { server, cameras } = registry
  let forgetSecrets = addSecretsOf(server)
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH_PERCENT}`)
  const addresses = await addressesOf(server.host).catch((error: NodeJS.ErrnoException) => { throw unavailable(error, server) })
  const exposure = exposureOf(addresses, server.trustProxy)
  requireAuth(server.auth, exposure, server)

  const clock = systemClock
  const systemd = new Systemd(clock, { warn: line => log.warn(line) })
  const install = new FfmpegInstall(shutdown.signal)
  let interrupted = false // Ctrl+C also ends the ffmpeg that `locate` runs, and may do so before it reaches camgate
  const ffmpeg = await install.locate().catch((error: { signal?: NodeJS.Signals }) => { interrupted = error.signal === 'SIGINT' })
  if (shutdown.signal.aborted) return
  if (!ffmpeg && !interrupted) log.warn('ffmpeg is not there or cannot be run: no camera can show pictures. Install it, or set FFMPEG_PATH.')

  const certificate = server.tls && await openCertificate(server.tls, server.stateDir, clock, log)
  const simulated = await Simulated.start(cameras, ffmpeg?.path ?? 'ffmpeg', shutdown.signal, log)
  shutdown.add(() => simulated.close())

  const drawing = new Drawing(install, log)
  shutdown.add(() => drawing.close())
  const notes = noteLog(log)
  const fleet = new Fleet(simulated.cameras, {
    launch: cameraLaunch(install, clock, log, notes, () => simulated.cameras),
    transcode: ffmpegTranscode(install, clock),
    encode: ffmpegEncode(install, clock),
    draw: drawing.draw,
    noteLog: notes,
    attemptLimiter: new StartLimiter(clock, ATTEMPTS_AT_ONCE),
    startLimiter: new StartLimiter(clock, undefined, DECODER_START_MS),
    clock,
    random: Math.random,
    log
  }, await stoppedCamerasOf(registry, file, log))

  const events = new CameraEvents(fleet, clock)
  const notifier = new Notifier({ events, targets: registry.notify, places: () => fleet.all.flatMap(({ camera }) => placesOf(camera)), clock, log, random: Math.random })
  const files = openFileLimit()
  const context = { clock, warn: (line: string) => log.warn(line), addresses, certified: certificate ? dnsNamesOf(certificate.pair) : [] }
  let settings = appSettings(server, context)
  const configuration = new Configuration({
    file,
    registry,
    contents,
    env,
    clock,
    log,
    settle (changed) {
      const after = { ...changed, server: settle(changed.server) }
      requireAuth(after.server.auth, exposureOf(addresses, after.server.trustProxy), after.server)
      return after
    },
    async apply (after, changes) {
      await simulated.apply(after.cameras, live => { // if it rejects, a file that counts as refused has let nobody in
        if (changes.server.length > 0) {
          const forgetFormer = forgetSecrets
          forgetSecrets = addSecretsOf(after.server)
          settings = appSettings(after.server, context, settings, changes.server)
          app.useSettings(settings, accessChange(configuration.registry.server.auth, after.server.auth))
          forgetFormer()
        }
        fleet.apply(live)
        if (changes.notify) notifier.apply(after.notify)
      })
    }
  })
  shutdown.add(async () => configuration.close())
  const app = await buildApp({
    fleet,
    clock,
    events,
    configuration,
    cameraFile: new CameraFile({ file, check: text => configuration.check(text), reload: () => configuration.reload() }),
    draw: drawing.draw,
    log,
    notifications: notifier.counts,
    exposition: new Exposition({ describesProcess: true }),
    keyPair: certificate?.pair,
    maxConnections: () => maxConnectionsFor(files, fleet.all.map(({ camera }) => camera)),
    ...settings
  })
  shutdown.add(() => Promise.all([app.close(), fleet.stop()]))
  if (shutdown.signal.aborted) return

  await listen(app, addresses, server.port).catch((error: NodeJS.ErrnoException) => { throw unavailable(error, server) })
  if (certificate) {
    certificate.follow(pair => (app.server as unknown as TlsServer).setSecureContext(secureOptions(pair)))
    shutdown.add(async () => certificate.close())
  }
  const redirectFrom = typeof server.tls === 'object' ? server.tls.redirectFrom : undefined
  if (redirectFrom !== undefined) {
    const plain = redirectServer((app.server.address() as AddressInfo).port, () => settings.sites.hosts)
    shutdown.add(() => ended(plain))
    await listenPlainly(plain, addresses, redirectFrom).catch((error: NodeJS.ErrnoException) => { throw unavailable(error, { host: server.host, port: redirectFrom }) })
  }
  if (shutdown.signal.aborted) return

  fleet.start()
  await configuration.follow()
  shutdown.onHangUp(() => {
    log.info('SIGHUP: reading the configuration again')
    configuration.reload().then(({ changes }) => { if (changes.length === 0) log.info('Nothing has changed') }, () => {}) // why not is in the log
  })
  notifier.start()
  shutdown.add(() => notifier.close())
  shutdown.add(async () => systemd.stopping())
  const { address, port, family } = app.server.address() as AddressInfo
  const reached = family === 'IPv6' ? `[${address}]` : address
  const warning = openWarning(server.auth, exposure, `${reached}:${port}`)
  if (warning) log.warn(warning)
  systemd.ready(`${cameras.length} camera${cameras.length === 1 ? '' : 's'} at port ${port}`)
  log.info(`camgate shows ${cameras.length} camera${cameras.length === 1 ? '' : 's'}: open ${certificate ? 'https' : 'http'}://${isWildcard(address) ? 'localhost' : reached}:${port}/`)
}

/** A service without a place for its state serves pictures all the same. */
async function stoppedCamerasOf ({ server, cameras }: Registry, config: string, log: Logger): Promise<StoppedCameras> {
  try {
    return await StoppedCamerasFile.open(await StateFolder.open(server.stateDir), { config, known: cameras.map(({ id }) => id), log })
  } catch (error) {
    if (!(error instanceof CamgateError) || server.stateDir !== undefined) throw error
    log.warn(`Cameras that are stopped by hand start again when camgate does. ${error.message}`)
    return noStoppedCameras
  }
}

const addSecretsOf = ({ auth }: ServerSettings): () => void => addSecrets(typeof auth === 'object' ? secretsOfAuth(auth) : [])

async function ended (server: HttpServer): Promise<void> {
  server.close()
  server.closeAllConnections()
}

const isWildcard = (address: string) => address === '::' || address === '0.0.0.0'

/** Explains why camgate cannot listen. Other errors are defects, and are returned unchanged. */
function unavailable (error: NodeJS.ErrnoException, { host, port }: { readonly host: string, readonly port: number }): Error {
  switch (error.code) {
    case 'EADDRINUSE': return new CamgateError('PORT_BUSY', `Port ${port} on ${host} is taken by another program: end that one, or choose another port with --port or PORT.`)
    case 'EACCES': return new CamgateError('PORT_BUSY', `Port ${port} needs more rights than this user has: choose one above 1023 with --port or PORT.`)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN': return new CamgateError('PORT_BUSY', `${host} is not an address of this machine: choose another with --host or HOST (127.0.0.1, or 0.0.0.0 for all).`)
    default: return error
  }
}
