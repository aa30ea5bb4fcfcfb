import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP } from 'node:net'
import type { Clock } from '../clock.js'
import { placeIn, type CameraPlace } from '../config/notify/camera-places.js'
import type { Credentials } from '../credentials.js'
import { version } from '../package.js'
import { guardedLookup, objectionTo, type Resolve } from './addresses.js'

/** For one attempt, from the lookup of the name to the head of the answer. */
const ANSWER_TIMEOUT_MS = 10_000
/** Answers are not read. One of more bytes is cut off. */
const MAX_ANSWER_BYTES = 65_536
/** HTTP lets a receiver send any number of answers such as 103 before the one that counts. */
const MAX_INTERIM_ANSWERS = 20

export interface Post {
  /** Without credentials. */
  readonly url: string
  readonly credentials?: Credentials | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type Outcome =
  | { readonly kind: 'answered', readonly status: number, readonly retryAfter?: string | undefined }
  /** `reason`: in words that follow the name of a receiver. */
  | { readonly kind: 'failed', readonly reason: string }

export interface PostParts {
  readonly clock: Clock
  readonly resolve: Resolve
  /** Where nothing may be posted. */
  readonly places: readonly CameraPlace[]
  readonly signal: AbortSignal
}

/** Posts JSON once. Follows no redirect, accepts no certificate that this machine does not trust, and connects to no camera. Never rejects. */
export async function post ({ url, credentials, headers, body }: Post, { clock, resolve: resolveName, places, signal }: PostParts): Promise<Outcome> {
  const { host, port } = placeIn(url)!
  const objection = (address: string) => objectionTo(address, port, places)
  const problem = isIP(host) === 0 ? undefined : objection(host)
  if (problem !== undefined) return { kind: 'failed', reason: `it ${problem}` }
  return await new Promise<Outcome>(resolve => {
    const request = (url.startsWith('https:') ? httpsRequest : httpRequest)(url, {
      method: 'POST',
      agent: false, // a connection for each: there are few
      headers: { ...headers, 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body), 'User-Agent': `camgate/${version}` },
      ...credentials && { auth: `${credentials.username}:${credentials.password}` },
      lookup: guardedLookup(resolveName, objection),
      rejectUnauthorized: true,
      signal
    })
    const cancel = clock.after(ANSWER_TIMEOUT_MS, () => request.destroy(new Error(`it does not answer within ${ANSWER_TIMEOUT_MS / 1_000} seconds`)))
    let interim = 0
    request.on('information', () => {
      if (++interim > MAX_INTERIM_ANSWERS) request.destroy(new Error('it does not come to its answer'))
    })
    request.on('response', response => {
      resolve({ kind: 'answered', status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] })
      drop(response)
    })
    request.on('error', (error: NodeJS.ErrnoException) => resolve({ kind: 'failed', reason: inWords(error) }))
    request.on('close', () => {
      cancel()
      resolve({ kind: 'failed', reason: 'it has closed the connection' })
    })
    request.end(body)
  })
}

/** What codes of Node mean, in words that follow the name of a receiver. */
const PATTERNS: ReadonlyArray<readonly [RegExp, string]> = [
  [/^ECONNREFUSED$/, 'nothing listens there'],
  [/^(ECONNRESET|EPIPE)$/, 'it has closed the connection'],
  [/^(ENOTFOUND|EAI_\w+)$/, 'its name cannot be resolved'],
  [/^(E\w+UNREACH|ETIMEDOUT)$/, 'it cannot be reached'],
  [/CERT|SELF_SIGNED|UNABLE_TO/, 'this machine does not trust its certificate'],
  [/^(HPE_|EPROTO|ERR_SSL)/, 'it does not speak HTTP as it should']
]

function inWords ({ code, message }: NodeJS.ErrnoException): string {
  if (code === undefined) return message
  const [, words = 'the connection has failed'] = PATTERNS.find(([pattern]) => pattern.test(code)) ?? []
  return `${words} (${code})`
}

function drop (response: IncomingMessage): void {
  let bytes = 0
  response.on('error', () => {})
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > MAX_ANSWER_BYTES) response.destroy()
  })
}
