import cors from '@fastify/cors'
import type { FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { CamgateError } from '../errors.js'
import { SAFE_HEADERS } from './safe-headers.js'
import { unknownHost, type KnownHosts } from '../sites/hosts.js'
import { mayChangeState, mayEmbed, originOf } from '../sites/origins.js'
import type { SiteSettings } from '../sites/settings.js'
import { STOP_PAGE_HEADERS, stopPage } from './stop-page.js'

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS']

export interface SitesOptions {
  /** Those in force: a changed configuration replaces them. */
  readonly settings: () => SiteSettings
}

/**
 * Keeps other sites from using a visitor's browser against camgate: by a name of their own (DNS rebinding), by requests that change something (CSRF,
 * also of WebSockets), by reading answers (CORS), and by showing pictures if that is not for everybody. Register it before everything that answers.
 */
export const sites = fastifyPlugin<SitesOptions>(async (app, { settings }) => {
  app.addHook('onRequest', async request => { for (const host of hostsOf(request)) refuseUnknown(settings().hosts, host) })

  const listed = { origin: true, credentials: true, exposedHeaders: ['X-Frame-Age', 'X-Timestamp', 'X-Camera-State', 'X-Damaged'] }
  await app.register(cors, {
    delegator (request, done) {
      const isListed = settings().origins.includes(originOf(request.headers.origin) ?? '')
      done(null, { strictPreflight: false, methods: ['GET', 'HEAD', 'POST'], ...(isListed ? listed : { origin: [] }) })
    }
  })

  app.addHook('onRequest', async (request, reply) => {
    if (!changesState(request)) return
    const verdict = mayChangeState(request.headers, ownOrigin(request), settings().origins)
    if (verdict === 'allowed') return
    if (request.routeOptions.config.hasStopPage && request.headers.accept?.includes('text/html')) {
      const { id } = request.params as { id: string }
      return await reply.code(403).headers(STOP_PAGE_HEADERS).type('text/html; charset=utf-8').send(stopPage(id))
    }
    if (verdict === 'prefetch') throw new CamgateError('PREFETCH', 'A browser asked for this address before anybody opened it, and nothing was changed. Open it, or send the request as a POST.')
    throw new CamgateError('CROSS_SITE', 'A page of another site may not do this. If the site is yours, list it in cameras.yaml, as in server: { origins: [\'https://app.example.org\'] }. Programs send a POST without the headers of browsers, or with a token.')
  })

  app.addHook('onRequest', async (request, reply) => {
    if (!request.routeOptions.config.showsPicture) return
    const { embed, origins } = settings()
    const embedding = [...embed, ...origins]
    const policy = embed.length === 0 ? 'cross-origin' : mayEmbed(request.headers, ownOrigin(request), embedding)
    if (policy === 'refused') throw new CamgateError('EMBEDDING', 'The page that shows this picture is not of a site in server.embed of cameras.yaml, or does not say so: <img referrerpolicy="origin"> does.')
    reply.header('Cross-Origin-Resource-Policy', policy)
    if (embed.length > 0) reply.header('Content-Security-Policy', `${SAFE_HEADERS['Content-Security-Policy']}; frame-ancestors 'self' ${embedding.join(' ')}`)
  })
})

/** The names by which a request calls the service. A trusted proxy's X-Forwarded-Host does not replace Host here: a proxy may pass on what a page has put there. */
function * hostsOf ({ raw, host }: FastifyRequest): Generator<string> {
  yield host
  if (raw.headers.host !== undefined) yield raw.headers.host
  if (!raw.url!.startsWith('/')) yield /^https?:\/\/([^/?#]*)/i.exec(raw.url!)?.[1] ?? ''
}

function refuseUnknown (known: KnownHosts, host: string): void {
  const verdict = known.verdict(host)
  if (verdict.kind === 'invalid') throw new CamgateError('UNKNOWN_HOST', 'The request\'s Host header is no host name.')
  if (verdict.kind === 'unknown') throw new CamgateError('UNKNOWN_HOST', unknownHost(verdict.name))
}

/** A WebSocket may change something, and CORS does not cover it. */
function changesState ({ method, headers: { upgrade }, routeOptions: { config } }: FastifyRequest): boolean {
  return !SAFE_METHODS.includes(method) || config.changesState === true || /\bwebsocket\b/i.test(upgrade ?? '')
}

/** The service's origin, as the client sees it. */
const ownOrigin = ({ protocol, host }: FastifyRequest) => originOf(`${protocol}://${host}`)
