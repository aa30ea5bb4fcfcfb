import { connect, constants, type ClientHttp2Session, type IncomingHttpHeaders, type OutgoingHttpHeaders, type Settings } from 'node:http2'
import type { Test } from 'tap'

export interface Answer { readonly status: number | undefined, readonly headers: IncomingHttpHeaders, readonly body: Buffer, readonly reset: number }

/** A connection that speaks HTTP/2; it is gone after the test. */
export function connectHttp2 (t: Test, url: string, settings: Settings = {}): ClientHttp2Session {
  const session = connect(url, { rejectUnauthorized: false, settings }).on('error', () => {})
  t.teardown(() => session.destroy())
  return session
}

/** The answer to one request, or the code with which it was reset. */
export async function ask (session: ClientHttp2Session, path: string, headers: OutgoingHttpHeaders = {}): Promise<Answer> {
  const stream = session.request({ ':path': path, ...headers }).on('error', () => {})
  const chunks: Buffer[] = []
  let got: IncomingHttpHeaders = {}
  stream.on('response', headers => { got = headers }).on('data', (chunk: Buffer) => { chunks.push(chunk) })
  await new Promise(resolve => stream.once('close', resolve))
  return { status: got[':status'] as number | undefined, headers: got, body: Buffer.concat(chunks), reset: stream.rstCode ?? constants.NGHTTP2_NO_ERROR }
}
