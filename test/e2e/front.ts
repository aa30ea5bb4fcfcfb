import { createServer, request, type IncomingHttpHeaders } from 'node:http'
import type { Test } from 'tap'
import { listenOnLoopback } from './loopback-server.js'
import { until } from './until.js'

export interface Seen { readonly method: string, readonly url: string, readonly status: number, readonly headers: IncomingHttpHeaders }

/** Passes every request on to a service as it comes, and remembers it with the status of its answer. `own` answers some itself. */
export class Front {
  readonly seen: Seen[] = []
  /** The paths of all requests that have come, answered or not. */
  readonly asked: string[] = []
  port = 0

  async listen (t: Test, service: string, own: (url: string, host: string) => string | undefined = () => undefined): Promise<this> {
    this.port = await listenOnLoopback(t, createServer((asked, answer) => {
      const { method = '', url = '', headers } = asked
      this.asked.push(url)
      const page = own(url, headers.host ?? '')
      if (page !== undefined) {
        answer.setHeader('Content-Type', 'text/html').end(page)
        return
      }
      // No connection is used again: the service may be about to close it, and no request would come.
      const passed = request(new URL(service), { agent: false, method, path: url, headers }, got => {
        this.seen.push({ method, url, status: got.statusCode!, headers })
        answer.writeHead(got.statusCode!, got.headers)
        got.pipe(answer)
      })
      passed.on('error', () => answer.destroy())
      answer.on('close', () => passed.destroy())
      asked.pipe(passed)
    }))
    return this
  }

  /** Its address under one of the names of this machine. */
  at (host: string): string { return `http://${host}:${this.port}` }

  /** Resolves with the first request whose URL contains `mark`, once it has been answered. */
  async answered (mark: string, method?: string): Promise<Seen> {
    const find = () => this.seen.find(({ url, method: its }) => url.includes(mark) && (method === undefined || its === method))
    await until(`a request for ${mark} is answered`, () => find() !== undefined, 20_000)
    return find()!
  }
}
