import { randomBytes } from 'node:crypto'
import type { Headers } from '../rtsp/head.js'
import { readTransport } from '../rtsp/transport.js'
import { reachable, type CameraAddress } from '../ingest/address.js'

/** A camera has its own URL, a base, and one for each of its tracks. */
const MAX_URLS = 64
/** Headers of an answer that concern only the camera's connection, or contain its address without need. */
const withheld = new Set(['cseq', 'content-length', 'content-base', 'content-location', 'www-authenticate', 'location', 'rtp-info', 'connection'])
const forwarded = { accept: 'Accept', transport: 'Transport', session: 'Session', range: 'Range', scale: 'Scale', speed: 'Speed' }

/**
 * A relay's own names for a camera's URLs. `rtsp://127.0.0.1:PORT/SECRET/3` stands for the fourth of them, and keeps whatever is
 * appended to it. The camera's URLs stay hidden, and a client without the secret gets nowhere.
 */
export class RelayUrls {
  readonly #prefix: string
  readonly #urls: string[]

  constructor (address: CameraAddress, port: number, secret = randomBytes(16).toString('hex')) {
    this.#prefix = `rtsp://127.0.0.1:${port}/${secret}/`
    this.#urls = [address.url]
  }

  /** Our name for the camera's own URL. */
  get first (): string { return `${this.#prefix}0` }

  /** Our name for a URL of the camera. */
  inner (url: string): string {
    const found = this.#urls.indexOf(url)
    if (found >= 0) return `${this.#prefix}${found}`
    return this.#urls.length < MAX_URLS ? `${this.#prefix}${this.#urls.push(url) - 1}` : this.first
  }

  /** The camera's URL for one of our names; undefined for any other. */
  outer (url: string): string | undefined {
    if (!url.startsWith(this.#prefix)) return undefined
    const [, index = '', rest = ''] = /^(\d{1,2})(.*)$/s.exec(url.slice(this.#prefix.length)) ?? []
    const base = index === '' ? undefined : this.#urls[Number(index)]
    return base === undefined ? undefined : base.endsWith('/') && rest.startsWith('/') ? base + rest.slice(1) : base + rest
  }

  /** The description, one character per byte, with our names for its absolute control URLs. */
  description (text: string, address: CameraAddress): string {
    return text.replace(/^(a=control:[ \t]*)(rtsps?:\/\/\S+)/gim, (_, before: string, url: string) => before + this.inner(reachable(url, address)))
  }

  /** An answer's headers for the client. The camera sends datagrams from its own address, not from ours. */
  answerHeaders (headers: Headers, address: CameraAddress, camera: string): Record<string, readonly string[]> {
    const kept = Object.fromEntries([...headers].filter(([name]) => !withheld.has(name)))
    const base = headers.get('content-base')?.[0] || headers.get('content-location')?.[0] || ''
    const transport = headers.get('transport')?.[0]
    const isFromUs = transport !== undefined && readTransport(transport).kind === 'udp' && readTransport(transport).source === undefined
    return {
      ...kept,
      ...transport !== undefined && isFromUs && { transport: [`${transport};source=${camera}`] },
      ...base !== '' && { 'Content-Base': [this.inner(reachable(base, address))] }
    }
  }
}

/** A client's headers for the camera, without those that identify it: the relay logs in itself. */
export const requestHeaders = (headers: Headers): Record<string, readonly string[]> =>
  Object.fromEntries(Object.entries(forwarded).flatMap(([name, written]) => headers.has(name) ? [[written, headers.get(name)!]] : []))
