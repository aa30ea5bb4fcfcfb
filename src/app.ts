import type { Server as HttpsServer } from 'node:https'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import { Revocations } from './access/revocations.js'
import type { AccessChange } from './access/access-change.js'
import { trustedProxies, type Trusts } from './access/trusted-proxies.js'
import type { Fleet } from './camera/fleet.js'
import type { Clock } from './clock.js'
import { Diagnoses } from './doctor/diagnoses.js'
import { door } from './door/door.js'
import { answerWithPicture } from './door/refusals.js'
import { safeHeaders } from './door/safe-headers.js'
import { inScope } from './door/scopes.js'
import { sites } from './door/sites.js'
import { openTo, type WaysIn } from './door/ways-in.js'
import type { CameraFile } from './edit/camera-file.js'
import type { CameraEvents } from './events/camera-events.js'
import { apiDocs, describeApi } from './http/api-docs.js'
import { ignoreBodies } from './http/bodies.js'
import { answerClientError } from './http/client-errors.js'
import { limitConnections, maxListenersFor, maxViewersFor } from './http/connections.js'
import { dashboard } from './http/dashboard.js'
import { answerError, answerErrors } from './http/errors.js'
import { limitHandshakes } from './http/handshakes.js'
import { noteMethods, wrongMethods } from './http/methods.js'
import { answerInTurn } from './http/pipelining.js'
import { cameraConfigRoutes } from './http/routes/config/cameras.js'
import { configProbeRoute } from './http/routes/config/probe.js'
import { controlRoutes } from './http/routes/control.js'
import { diagnosisRoute } from './http/routes/diagnosis.js'
import { eventsRoute } from './http/routes/events.js'
import { healthRoutes } from './http/routes/health.js'
import { metricsRoute } from './http/routes/metrics.js'
import { ptzRoutes } from './http/routes/ptz.js'
import { reloadRoute } from './http/routes/config/reload.js'
import { revokeRoute } from './http/routes/revoke.js'
import { sessionRoutes } from './http/routes/session.js'
import { snapshotRoute } from './http/routes/snapshot.js'
import { statusRoutes } from './http/routes/status.js'
import { streamRoute } from './http/routes/stream.js'
import { wallRoute } from './http/routes/wall.js'
import { webSocketUpgrades } from './http/wall/upgrades.js'
import { ALPN_PROTOCOLS, speakHttp2 } from './http2/alpn.js'
import { viewScript } from './http/view-script.js'
import { cameraFamilies } from './metrics/camera-families.js'
import { Exposition } from './metrics/exposition.js'
import { serviceFamilies, type ServiceParts } from './metrics/service-families.js'
import type { Configuration } from './reload/configuration.js'
import { KnownHosts } from './sites/hosts.js'
import type { SiteSettings } from './sites/settings.js'
import type { Draw } from './stream/drawing.js'
import { RefusalPictures } from './stream/refusal-pictures.js'
import { isLoopback } from './text/host.js'
import type { KeyPair } from './tls/key-pair.js'
import { secureOptions } from './tls/server-certificate.js'
import { Audience } from './viewers/audience.js'
import { limitUnsent } from './viewers/linux-tcp.js'
import { Listeners } from './viewers/listeners.js'
import { Viewers } from './viewers/viewers.js'

/** What a changed configuration may replace while the server runs. */
export interface AppSettings {
  /** For the viewers of all cameras together. Unlimited by default. */
  readonly maxViewers?: number | undefined
  /** For the viewers at one address, or in one IPv6 network. Unlimited by default. */
  readonly maxViewersPerAddress?: number | undefined
  /** How people log in. By default, everybody is let in and may do everything. */
  readonly waysIn?: WaysIn
  /** The addresses, and ranges of them, whose X-Forwarded-For, -Host and -Proto are believed. By default, nobody's. */
  readonly trustProxy?: readonly string[]
  /** By default, other sites may only show pictures. */
  readonly sites?: SiteSettings
}

export interface AppParts extends AppSettings {
  readonly fleet: Fleet
  readonly clock: Clock
  /** Closed with the server. */
  readonly events: CameraEvents
  readonly configuration: Pick<Configuration, 'reload' | 'reloads' | 'status'>
  /** Where the cameras come from. */
  readonly cameraFile: CameraFile
  /** Draws what viewers see who are not let in. */
  readonly draw: Draw
  readonly log: FastifyBaseLogger
  /** How those end that the receivers of `notify` get. */
  readonly notifications: ServiceParts['notifications']
  /** What /metrics shows besides the series of cameras, viewers, configuration and notifications; by default, nothing. */
  readonly exposition?: Exposition
  /** For all connections, viewers included, with the cameras that there are now. Unlimited by default. */
  readonly maxConnections?: (() => number) | undefined
  /** Serves https with it, instead of http. */
  readonly keyPair?: KeyPair | undefined
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Uses these settings from now on. Refuses the proofs of users whose access has ended, and ends their streams and those of everybody whose access has changed. */
    useSettings (settings: AppSettings, effect: AccessChange): void
  }
}

const OPEN_TO_PICTURES: SiteSettings = { hosts: new KnownHosts([]), origins: [], embed: [] }
const OPEN_TO_ALL = openTo('admin')

/**
 * camgate's web server, ready to listen. Closing it ends every viewer's response, but does not stop the fleet.
 * New to the code? CONTRIBUTING.md, "A path through the code", starts here.
 */
export async function buildApp (parts: AppParts): Promise<FastifyInstance> {
  const { fleet, clock, events, configuration, notifications, cameraFile, draw, log, keyPair, maxConnections = () => Infinity, exposition = new Exposition() } = parts
  let settings: AppSettings = parts
  let proxies = trustedProxies(parts.trustProxy ?? [])
  const trusts: Trusts = address => proxies(address)
  const waysIn = () => settings.waysIn ?? OPEN_TO_ALL
  const siteSettings = () => settings.sites ?? OPEN_TO_PICTURES
  const http = {
    headersTimeout: 10_000,
    connectionsCheckingInterval: 5_000, // a client that sends its headers slowly holds a file descriptor
    requireHostHeader: false // client-errors.ts gives the reason
  }
  const app = Fastify({
    loggerInstance: log.child({}, { level: 'warn' }), // serve.ts logs the address in fewer words
    logController: new LogController({ disableRequestLogging: true }), // pages poll /status every second
    forceCloseConnections: true,
    requestTimeout: 20_000, // for a whole request with its body; a response may take for ever
    connectionTimeout: 15_000, // without a byte in either direction; Node doubles it once a write has begun
    keepAliveTimeout: 30_000, // the kernel may hold a response that nobody reads
    ...keyPair ? { https: { ...http, ...secureOptions(keyPair), ALPNProtocols: ALPN_PROTOCOLS } } : { http },
    trustProxy: trusts, // for request.ip, .host and .protocol
    frameworkErrors: answerError,
    clientErrorHandler: answerClientError,
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true }, // people type a trailing slash; proxies that strip a prefix leave a double one
    ajv: { customOptions: { strictNumbers: false } } // `true` would let Infinity pass every minimum and maximum
  }).withTypeProvider<TypeBoxTypeProvider>()

  Object.assign(app.server, { httpAllowHalfOpen: true }) // `nc -N` and busybox send FIN after their request, then wait for the response
  const viewers = new Viewers(clock, () => Math.min(settings.maxViewers ?? Infinity, maxViewersFor(maxConnections())), () => settings.maxViewersPerAddress ?? Infinity, () => maxViewersFor(maxConnections()))
  const listeners = new Listeners(() => maxListenersFor(maxConnections()))
  exposition.add([...serviceFamilies({ configuration, viewers, notifications }), ...cameraFamilies(fleet, clock)])
  answerInTurn(app.server, viewers)
  if (keyPair) {
    speakHttp2(app.server as unknown as HttpsServer, app.routing, clock)
    const endHandshakes = limitHandshakes(app.server, clock)
    app.addHook('preClose', async () => endHandshakes())
  }
  limitConnections(app.server, {
    max: maxConnections,
    clock,
    warn: () => log.warn(`There are as many connections as the limit of open files allows (${maxConnections()}): more are closed at once, so that the cameras go on. Raise the limit (ulimit -n, Docker's --ulimit nofile=), or set maxViewers.`),
    mayHaveMany: address => address === undefined || isLoopback(address) || trusts(address)
  })

  ignoreBodies(app)
  const methods = noteMethods(app)
  const revocations = new Revocations()
  const audience = new Audience(clock, (principal, now) => revocations.verdict(principal, now))
  app.decorate('useSettings', (next: AppSettings, { endedNames, hasChanged }: AccessChange) => {
    settings = next
    proxies = trustedProxies(next.trustProxy ?? [])
    for (const name of endedNames) revocations.revoke(name, clock.wall())
    audience.check(hasChanged)
  })
  answerErrors(app, answerWithPicture(new RefusalPictures(draw, clock)))

  await app.register(safeHeaders)
  await app.register(describeApi)
  await app.register(sites, { settings: siteSettings })
  await app.register(door, { fleet, clock, revocations, waysIn })
  await app.register(inScope('view', async view => {
    await view.register(streamRoute, { clock, viewers, audience })
    await view.register(snapshotRoute, { clock, viewers })
    await view.register(statusRoutes, { clock, configuration })
    await view.register(metricsRoute, { exposition })
    await view.register(apiDocs)
    await view.register(eventsRoute, { clock, events, listeners, audience })
    await view.register(wallRoute, { clock, viewers, audience, upgrades: webSocketUpgrades(app.server, app.routing, '/wall') })
  }))
  await app.register(inScope('control', async control => {
    await control.register(controlRoutes)
    await control.register(ptzRoutes)
    await control.register(diagnosisRoute, { diagnoses: new Diagnoses(clock) })
  }))
  await app.register(inScope('admin', async admin => {
    await admin.register(revokeRoute, { clock, revocations, audience })
    await admin.register(reloadRoute, { configuration })
    await admin.register(cameraConfigRoutes, { cameraFile })
    await admin.register(configProbeRoute, { clock, fleet })
  }))
  await app.register(inScope('public', async all => {
    await all.register(healthRoutes)
    await all.register(sessionRoutes, { waysIn, audience })
    await all.register(viewScript)
    await all.register(dashboard, { origins: () => siteSettings().origins })
    await all.register(wrongMethods, { methods })
  }))

  app.addHook('preClose', async () => {
    listeners.end()
    events.close()
  })
  app.addHook('preClose', () => viewers.end(fleet.all.flatMap(({ hubs }) => hubs)))
  app.addHook('onListen', async () => {
    if (!limitUnsent(app.server)) log.info('TCP_NOTSENT_LOWAT is not set: viewers on slow links may see older pictures (docs/guide/slow-links.md)')
  })
  return app as unknown as FastifyInstance
}
