import { createServer, STATUS_CODES, type IncomingMessage, type Server } from 'node:http'
import { problem } from './errors.js'
import { unknownHost, type KnownHosts } from '../sites/hosts.js'
import { SAFE_HEADERS } from '../door/safe-headers.js'

/** Each is answered at once and closed. */
const MAX_CONNECTIONS = 64
const REQUEST_TIMEOUT_MS = 10_000

const CODES: Readonly<Record<number, string>> = { 421: 'UNKNOWN_HOST', 426: 'HTTPS_ONLY' }

/** A server for plain HTTP that only sends browsers to https on `port`, by the names in `hosts`. */
export function redirectServer (port: number, hosts: () => KnownHosts): Server {
  const server = createServer({ headersTimeout: REQUEST_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS, connectionsCheckingInterval: REQUEST_TIMEOUT_MS / 2, noDelay: true }, (request, response) => {
    const [status, headers, message] = answerTo(request, port, hosts())
    const body = message === '' || request.method === 'HEAD' ? '' : JSON.stringify(problem(status, CODES[status] ?? 'BAD_REQUEST', message))
    response.writeHead(status, STATUS_CODES[status], { ...SAFE_HEADERS, ...body && { 'Content-Type': 'application/json; charset=utf-8' }, 'Content-Length': Buffer.byteLength(body), Connection: 'close', ...headers })
    response.end(body)
  })
  server.maxConnections = MAX_CONNECTIONS
  server.timeout = REQUEST_TIMEOUT_MS
  return server
}

function answerTo ({ method, url = '', headers: { host = '' } }: IncomingMessage, port: number, hosts: KnownHosts): readonly [status: number, headers: Record<string, string>, message: string] {
  const verdict = hosts.verdict(host)
  if (verdict.kind === 'unknown') return [421, {}, unknownHost(verdict.name)]
  if (verdict.kind === 'invalid' || verdict.host === undefined || !url.startsWith('/')) return [400, {}, 'The request does not say which host it is for, so it cannot be sent on to https.']
  const to = `https://${verdict.host}${port === 443 ? '' : `:${port}`}`
  if (method !== 'GET' && method !== 'HEAD') { // a POST would be sent on with what should have been encrypted
    return [426, { Upgrade: 'TLS/1.2, HTTP/1.1', Connection: 'Upgrade, close' }, `camgate takes this only by https: send it to ${to}.`]
  }
  return [308, { Location: to + url, 'Cache-Control': 'no-store' }, '']
}
