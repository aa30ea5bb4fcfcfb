import type { ServerResponse } from 'node:http'
import { constants, Http2ServerResponse } from 'node:http2'

/** Sends the client of a stream to HTTP/1.1, where browsers and curl ask again by themselves. Returns whether it came by HTTP/2. */
export function sentToHttp1 (reply: { readonly raw: ServerResponse | Http2ServerResponse, hijack (): unknown }): boolean {
  if (!(reply.raw instanceof Http2ServerResponse)) return false
  reply.hijack()
  reply.raw.stream.close(constants.NGHTTP2_HTTP_1_1_REQUIRED)
  return true
}
