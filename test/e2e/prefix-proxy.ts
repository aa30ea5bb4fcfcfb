import { createServer, request } from 'node:http'
import type { Test } from 'tap'
import { listenOnLoopback } from './loopback-server.js'

/** A proxy that replaces `prefix` by a slash, as nginx does with `location PREFIX { proxy_pass http://camgate/; }`. Other paths are not camgate's. */
export async function prefixProxy (t: Test, target: string, prefix: string): Promise<string> {
  const server = createServer((incoming, outgoing) => {
    const { url = '', method, headers } = incoming
    if (!url.startsWith(prefix)) {
      outgoing.writeHead(404).end('not camgate')
      return
    }
    const passed = request(`${target}${url.slice(prefix.length)}`, { method, headers }, answer => answer.pipe(outgoing.writeHead(answer.statusCode!, answer.headers)))
    passed.on('error', () => outgoing.destroy())
    outgoing.on('close', () => passed.destroy())
    incoming.pipe(passed)
  })
  return `http://127.0.0.1:${await listenOnLoopback(t, server)}`
}
