import { randomBytes } from 'node:crypto'
import type { Headers } from '../rtsp/head.js'
import { readTransport } from '../rtsp/transport.js'
import { reachable, type CameraAddress } from '../ingest/address.js'

/** URLs of one camera: its own, a base, and one for each of its tracks. */
const MOST_URLS = 64
/** Headers of an answer that are about the camera's connection, or name the camera where nobody needs it. */
const withheld = new Set(['cseq', 'content-length', 'content-base', 'content-location', 'www-authenticate', 'location', 'rtp-info', 'connection'])
const forwarded = { accept: 'Accept', transport: 'Transport', session: 'Session', range: 'Range', scale: 'Scale', speed: 'Speed' }

/**
 * What a camera's URLs are called on our side of a relay: `rtsp://127.0.0.1:PORT/SECRET/3` stands for the fourth of them, and what is appended to it,
 * for the same appended to that. Nothing of the camera's URLs shows, and a client without the secret gets nowhere.
 */
export class RelayUrls {
  readonly #prefix: string
  readonly #urls: string[]

  constructor (address: CameraAddress, port: number, secret = randomBytes(16).toString('hex')) {
    this.#prefix = `rtsp://127.0.0.1:${port}/${secret}/`
    this.#urls = [address.url]
  }

  /** The camera's own URL, on our side. */
  get first (): string { return `${this.#prefix}0` }

  /** On our side. */
  inner (url: string): string {
    const found = this.#urls.indexOf(url)
    if (found >= 0) return `${this.#prefix}${found}`
    return this.#urls.length < MOST_URLS ? `${this.#prefix}${this.#urls.push(url) - 1}` : this.first
  }

  /** As the camera calls it; undefined for what is none of ours. */
  outer (url: string): string | undefined {
    if (!url.startsWith(this.#prefix)) return undefined
    const [, index = '', rest = ''] = /^(\d{1,2})(.*)$/s.exec(url.slice(this.#prefix.length)) ?? []
    const base = index === '' ? undefined : this.#urls[Number(index)]
    return base === undefined ? undefined : base.endsWith('/') && rest.startsWith('/') ? base + rest.slice(1) : base + rest
  }

  /** A description, one character per byte, whose absolute controls lead through us. */
  description (text: string, address: CameraAddress): string {
    return text.replace(/^(a=control:[ \t]*)(rtsps?:\/\/\S+)/gim, (_, before: string, url: string) => before + this.inner(reachable(url, address)))
  }

  /** What of an answer's headers the client gets; the camera sends datagrams from its own address, not from ours. */
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

/** What of a client's request the camera gets. Who we are is for us to say. */
export const requestHeaders = (headers: Headers): Record<string, readonly string[]> =>
  Object.fromEntries(Object.entries(forwarded).flatMap(([name, written]) => headers.has(name) ? [[written, headers.get(name)!]] : []))
