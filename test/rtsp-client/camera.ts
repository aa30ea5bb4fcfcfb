import type { Test } from 'tap'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { systemClock } from '../../src/clock.js'
import { addressOf } from '../../src/ingest/address.js'
import { Session, type SessionOptions } from '../../src/rtsp-client/session.js'
import type { CodedPicture } from '../../src/codec/coded-picture.js'
import { RtspParser, type RtspRequest } from '../../src/rtsp/message.js'
import type { Track } from '../../src/codec/track.js'
import { until } from '../e2e/until.js'

/** Starts a session, and collects what it has received. */
export function visit (url: string, options: Partial<SessionOptions> = {}) {
  const seen = { track: undefined as Track | undefined, pictures: [] as CodedPicture[], ended: false, error: undefined as Error | undefined }
  const session = new Session({ address: addressOf(url, false)!, transport: 'auto', clock: systemClock, ...options }, {
    onTrack: track => { seen.track = track },
    onPicture: picture => { seen.pictures.push(picture) },
    onEnd (error) {
      seen.ended = true
      seen.error = error
    }
  })
  return {
    session,
    seen,
    pictures: (count: number) => until(`${count} pictures came`, () => {
      if (seen.ended) throw seen.error ?? new Error('the session ended')
      return seen.pictures.length >= count
    }),
    ended: () => until('the session ended', () => seen.ended),
    /** Ends the session. Resolves when it has ended. */
    async leave () {
      session.stop()
      await until('the session ended', () => seen.ended)
    }
  }
}

/** A camera that answers what the test wants: `answer` is called with each request. Resolves with its URL and its requests. */
export async function scripted (t: Test, answer: (request: RtspRequest, socket: Socket) => void, tls?: { key: string, cert: string }) {
  const asked: RtspRequest[] = []
  const sockets = new Set<Socket>()
  const serve = (socket: Socket) => {
    const parser = new RtspParser()
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('data', chunk => {
      for (const message of parser.push(chunk)) {
        if (message.kind !== 'request') continue
        asked.push(message)
        answer(message, socket)
      }
    })
  }
  const server = tls ? createTlsServer(tls, serve) : createServer(serve)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise(resolve => { server.close(resolve) })
  }
  t.teardown(close)
  return { url: `${tls ? 'rtsps' : 'rtsp'}://127.0.0.1:${(server.address() as AddressInfo).port}/1`, asked, close }
}

/** A proxy to a camera, through which the test can also write: the connections of its clients are added to `sockets`. */
export async function proxied (t: Test, url: string, sockets: Set<Socket>): Promise<string> {
  const { host, port } = addressOf(url, false)!
  const server = createServer(client => {
    const camera = connect({ host, port })
    sockets.add(client)
    for (const [from, to] of [[client, camera], [camera, client]] as const) from.on('error', () => {}).on('close', () => to.destroy()).pipe(to)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => new Promise(resolve => { server.close(resolve) }))
  return url.replace(`:${port}`, `:${(server.address() as AddressInfo).port}`)
}
