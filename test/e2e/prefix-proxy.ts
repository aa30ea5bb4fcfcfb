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
  server.on('upgrade', ({ url = '', headers }, socket) => {
    const passed = request(`${target}${url.slice(prefix.length)}`, { headers })
    passed.on('upgrade', (answer, far) => {
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`)
      socket.pipe(far).pipe(socket)
      for (const [one, other] of [[socket, far], [far, socket]] as const) one.on('error', () => other.destroy()).on('close', () => other.destroy())
    })
    passed.on('response', () => socket.destroy()).on('error', () => socket.destroy()).end()
  })
  return `http://127.0.0.1:${await listenOnLoopback(t, server)}`
}
