import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { problem } from './errors.js'
import { SAFE_HEADERS } from './safe-headers.js'

const answers: Readonly<Record<string, readonly [status: number, code: string, message: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'HEADERS_TOO_LARGE', 'The request\'s address and headers are longer than 16 KiB: leave some out.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'REQUEST_TIMEOUT', 'The request did not come in time: send it in one go.']
}

/** Answers what is no request, or none in time, in the form of our other errors, and closes its connection. */
export function answerClientError ({ code = '' }: NodeJS.ErrnoException, socket: Socket): void {
  const answered = socket.bytesWritten > 0 // a stream may be under way, and nothing else has a place in it
  if (answered || !socket.writable) {
    socket.destroy()
    return
  }
  const [status, name, message] = answers[code] ?? [400, 'BAD_REQUEST', 'This is not an HTTP/1.1 request.']
  const body = JSON.stringify(problem(status, name, message))
  const headers = { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': Buffer.byteLength(body), ...SAFE_HEADERS, Connection: 'close' }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`, () => socket.destroy())
}
