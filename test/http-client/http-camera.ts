import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { Test } from 'tap'
import { systemClock } from '../../src/clock.js'
import { addressOf } from '../../src/ingest/address.js'
import { HttpReader, type HttpReaderOptions } from '../../src/http-client/http-reader.js'
import { until } from '../e2e/until.js'

/** Reads a camera, and collects what it has received. */
export function readHttp (url: string, options: Partial<HttpReaderOptions> = {}) {
  const seen = { tracks: 0, pictures: [] as Buffer[], damaged: [] as Array<boolean | undefined>, unchanged: 0, ended: false, error: undefined as (Error & { code?: string }) | undefined }
  const reader = new HttpReader({ address: addressOf(url, false)!, clock: systemClock, kind: 'http', fps: 50, ...options }, {
    onTrack () { seen.tracks++ },
    onPicture ({ bytes, damaged }) {
      seen.pictures.push(bytes)
      seen.damaged.push(damaged)
    },
    onUnchanged () { seen.unchanged++ },
    onEnd (error) {
      seen.ended = true
      seen.error = error
    }
  })
  const ended = () => until('the reading ended', () => seen.ended)
  return {
    reader,
    seen,
    ended,
    pictures: (count: number) => until(`${count} pictures came`, () => {
      if (seen.ended) throw seen.error ?? new Error('the reading ended')
      return seen.pictures.length >= count
    }),
    async leave () {
      reader.stop()
      await ended()
    }
  }
}

export interface Asked { readonly path: string, readonly head: string, readonly header: (name: string) => string | undefined }

/** A camera that answers what the test wants, byte for byte. Resolves with its URL, its requests and its connections. */
export async function scriptedHttp (t: Test, answer: (request: Asked, socket: Socket, count: number) => void, tls?: { key: string, cert: string }) {
  const asked: Asked[] = []
  const connections = { open: new Set<Socket>(), total: 0 }
  const serve = (socket: Socket) => {
    connections.total++
    connections.open.add(socket.on('error', () => {}).on('close', () => connections.open.delete(socket)))
    let text = ''
    socket.setEncoding('latin1').on('data', (more: string) => {
      text += more
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        const head = text.slice(0, end)
        text = text.slice(end + 4)
        const header = (name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1]?.trim()
        const request = { path: head.split(' ')[1] ?? '', head, header }
        asked.push(request)
        answer(request, socket, asked.length)
      }
    })
  }
  const server: Server = tls ? createTlsServer(tls, serve) : createServer(serve)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(async () => {
    for (const socket of connections.open) socket.destroy()
    await new Promise(resolve => { server.close(resolve) })
  })
  return { url: `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}/cam`, asked, connections }
}

/** A complete answer. */
export function whole (body: Buffer | string, headers: Readonly<Record<string, string>> = { 'Content-Type': 'image/jpeg' }, status = '200 OK'): Buffer {
  const bytes = Buffer.from(body as string)
  const lines = Object.entries({ 'Content-Length': String(bytes.length), ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status}\r\n${lines.join('')}\r\n`), bytes])
}

export const part = (jpeg: Buffer, headers = ''): Buffer =>
  Buffer.concat([Buffer.from(`--b\r\nContent-Type: image/jpeg\r\n${headers}\r\n`), jpeg, Buffer.from('\r\n')])
