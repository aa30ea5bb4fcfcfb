import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import { request } from 'node:https'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { connect as connectTls } from 'node:tls'
import type { Test } from 'tap'
import { certificate } from '../../tls/certificates.js'
import { freePort } from '../free-port.js'
import { startProgram } from '../program.js'
import { until } from '../until.js'
import { Viewer } from '../viewer.js'
import { sampleText, samples, type Place, type Ports, type Sample } from './samples.js'

/** The address of everybody who comes to the proxy. The proxies themselves come to camgate from 127.0.0.1. */
export const OUTSIDE = '127.1.2.3'

/** Debian's users do not have /usr/sbin in theirs, where nginx and HAProxy are. */
const PATH = `${process.env.PATH}:/usr/sbin`

export interface Asking { readonly method?: string, readonly headers?: OutgoingHttpHeaders }
export interface Answer { readonly status: number, readonly headers: IncomingHttpHeaders, readonly body: string }

/** Why the tests of this sample are skipped; false if they are not. */
export function missing ({ program, debianPackage, version }: Sample): string | false {
  return spawnSync(program, [version], { stdio: 'ignore', env: { PATH } }).status !== 0 && `NOT TESTED: there is no ${program}. Install it: apt-get install ${debianPackage}`
}

/** One of the samples of docs/proxies, run by the real program. It ends with the test. */
export class Proxy {
  readonly host: string
  readonly port: number
  /** In front of each of camgate's paths. */
  readonly prefix: string

  constructor (host: string, port: number, prefix: string) {
    this.host = host
    this.port = port
    this.prefix = prefix
  }

  /** `edit` changes the sample. */
  static async start (t: Test, name: string, place: Place, upstream: Omit<Ports, 'proxy'>, edit = (text: string) => text): Promise<Proxy> {
    const sample = samples[name]!
    const folder = join(t.testdir({}), name, place)
    mkdirSync(folder, { recursive: true })
    const { key, cert } = await certificate({ name: sample.host(place), from: Date.now() - 86_400_000 })
    for (const site of ['cameras', 'www']) {
      writeFileSync(join(folder, `${site}.key`), key)
      writeFileSync(join(folder, `${site}.crt`), cert)
    }
    writeFileSync(join(folder, 'example.org.pem'), cert + key)
    const proxy = new Proxy(sample.host(place), await freePort(), place === 'path' ? '/camgate' : '')
    const file = join(folder, name)
    writeFileSync(file, sample.text(edit(sampleText(name)), place, { ...upstream, proxy: proxy.port }, folder))

    const { gone, said } = startProgram(t, sample.program, sample.args(file), { cwd: folder, env: { PATH, HOME: folder } })
    await Promise.race([until(`${sample.program} answers`, () => proxy.#answers()), gone.then(() => { throw new Error(`${name}: ${sample.program} has ended: ${said()}`) })])
    return proxy
  }

  /** `path` is sent as it is, after the prefix. Of a stream, which has no end, the answer has no body. */
  async ask (path: string, { method = 'GET', headers = {} }: Asking = {}): Promise<Answer> {
    const asked = this.#request(path, method, headers).end()
    const [answer] = await once(asked, 'response') as [IncomingMessage]
    const isStream = /^multipart\//.test(answer.headers['content-type'] ?? '')
    if (isStream) answer.destroy()
    return { status: answer.statusCode!, headers: answer.headers, body: isStream ? '' : (await buffer(answer)).toString('latin1') }
  }

  /** Asks for a WebSocket. Resolves with the headers of the answer, which has to be 101. */
  async upgrade (path: string, headers: OutgoingHttpHeaders): Promise<IncomingHttpHeaders> {
    const asked = this.#request(path, 'GET', {
      ...headers, Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Protocol': 'camgate.wall.1'
    }).end()
    asked.once('response', ({ statusCode }) => asked.destroy(new Error(`the answer to an upgrade is ${statusCode}`)))
    const [answer, socket] = await once(asked, 'upgrade') as [IncomingMessage, Socket]
    socket.destroy()
    return answer.headers
  }

  /** Caddy listens before it has made its certificate. */
  async #answers (): Promise<boolean> {
    const socket = connectTls({ host: '127.0.0.1', port: this.port, servername: this.host, rejectUnauthorized: false })
    try {
      await once(socket, 'secureConnect')
      return true
    } catch {
      return false
    } finally {
      socket.destroy()
    }
  }

  #request (path: string, method: string, headers: OutgoingHttpHeaders): ClientRequest {
    return request({
      host: '127.0.0.1',
      port: this.port,
      localAddress: OUTSIDE,
      servername: this.host,
      rejectUnauthorized: false,
      agent: false,
      method,
      path: this.prefix + path,
      headers: { Host: this.host, ...headers }
    })
  }

  /** Watches a stream. The request is one of HTTP/1.0, so that the proxy does not answer in chunks. */
  watch (t: Test, path: string, headers: Readonly<Record<string, string>> = {}): Viewer {
    const socket = connectTls({ socket: connect({ host: '127.0.0.1', port: this.port, localAddress: OUTSIDE }), servername: this.host, rejectUnauthorized: false })
    const lines = Object.entries({ Host: this.host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
    const viewer = new Viewer(new URL(`https://${this.host}:${this.port}`), { socket, request: `GET ${this.prefix}${path} HTTP/1.0\r\n${lines.join('')}\r\n` })
    t.teardown(() => viewer.leave())
    return viewer
  }
}
