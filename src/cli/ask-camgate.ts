import { request as requestHttp, type OutgoingHttpHeaders, type RequestOptions } from 'node:http'
import { request as requestHttps } from 'node:https'
import { networkInterfaces } from 'node:os'
import { isLoopback } from '../text/host.js'

const TIMEOUT_MS = 2_000
/** What servers answer to plain HTTP where they expect TLS. */
const TLS_EXPECTED = 400
/** A status of 500 cameras has about 1 MB. */
const MAX_ANSWER_BYTES = 32 * 1024 ** 2

export interface CamgateQuestion {
  /** Where it listens; empty: everywhere. */
  readonly host: string
  readonly port: number
  readonly path: string
  /** Sent over plain HTTP only to this machine. */
  readonly headers?: OutgoingHttpHeaders
  readonly timeoutMs?: number
}

export interface CamgateAnswer { readonly status: number, readonly text: string }

/**
 * Asks the camgate that listens at this address, over http or https. Undefined if nothing answers. The certificate is not checked if the bytes do not
 * leave the machine: it is for the name that people use, or self-signed.
 */
export async function askCamgate ({ host, port, path, headers, timeoutMs = TIMEOUT_MS }: CamgateQuestion): Promise<CamgateAnswer | undefined> {
  const address = host === '' || host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  const own = isOwn(address)
  const options = { host: address, port, path, timeout: timeoutMs, agent: false, ...headers && { headers } } as const
  const plain = own || headers === undefined ? await answerTo(requestHttp, options, timeoutMs) : undefined
  return plain && plain.status !== TLS_EXPECTED ? plain : await answerTo(requestHttps, { ...options, rejectUnauthorized: !own }, timeoutMs) ?? plain
}

const answerTo = async (request: typeof requestHttps, options: RequestOptions & { rejectUnauthorized?: boolean }, timeoutMs: number) => await new Promise<CamgateAnswer | undefined>(resolve => {
  const asked = request({ ...options, signal: AbortSignal.timeout(timeoutMs) }, response => {
    let text = ''
    response.setEncoding('utf8')
      .on('data', (more: string) => { if ((text += more).length > MAX_ANSWER_BYTES) response.destroy() })
      .on('end', () => resolve({ status: response.statusCode ?? 0, text }))
      .on('close', () => resolve(undefined))
      .on('error', () => {})
  })
  asked.on('timeout', () => asked.destroy()).on('error', () => resolve(undefined)).end()
})

const isOwn = (address: string) => isLoopback(address) ||
  Object.values(networkInterfaces()).some(entries => entries?.some(entry => entry.address === address))
