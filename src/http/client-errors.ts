import { STATUS_CODES, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { problem } from './errors.js'
import { underTls } from './handshakes.js'
import { SAFE_HEADERS } from '../door/safe-headers.js'

/** OpenSSL's error for plain HTTP on a port for https. */
const PLAIN_HTTP = 'ERR_SSL_HTTP_REQUEST'

const answers: Readonly<Record<string, readonly [status: number, code: string, message: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'HEADERS_TOO_LARGE', 'The request\'s address and headers are longer than 16 KiB: leave some out.'],
  HOST_TWICE: [400, 'BAD_REQUEST', 'The request has more than one Host header: send one.'],
  NO_HOST: [400, 'BAD_REQUEST', 'The request has no Host header, which HTTP/1.1 requires.'],
  [PLAIN_HTTP]: [400, 'HTTPS_ONLY', 'This port speaks https: begin the address with https://.'],
  TOO_MANY_UNANSWERED: [429, 'TOO_MANY_REQUESTS', 'More requests came on this connection than it may have unanswered (16): read the answers first.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'REQUEST_TIMEOUT', 'The request did not come in time: send it in one go.']
}

/** The error code of an invalid request that Node's parser accepted; undefined if it is valid. */
export function requestErrorOf ({ httpVersion, rawHeaders }: Pick<IncomingMessage, 'httpVersion' | 'rawHeaders'>): string | undefined {
  if (httpVersion !== '1.1' && httpVersion !== '1.0') return 'VERSION'
  const hosts = rawHeaders.filter((text, i) => i % 2 === 0 && text.toLowerCase() === 'host').length
  if (hosts > 1) return 'HOST_TWICE'
  return hosts === 0 && httpVersion === '1.1' ? 'NO_HOST' : undefined
}

/** Answers an invalid or late request in the same form as all other errors, and closes its connection. */
export function answerClientError ({ code = '' }: { readonly code?: string }, client: Socket): void {
  const socket = code === PLAIN_HTTP ? underTls(client) : client
  const hasAnswer = socket.bytesWritten > 0 // nothing may interrupt a stream that has begun
  if (hasAnswer || !socket.writable) {
    socket.destroy()
    return
  }
  const [status, name, message] = answers[code] ?? [400, 'BAD_REQUEST', 'This is not an HTTP/1.1 request.']
  const body = JSON.stringify(problem(status, name, message))
  const headers = { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': Buffer.byteLength(body), ...SAFE_HEADERS, Connection: 'close' }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`, () => socket.destroy())
}
