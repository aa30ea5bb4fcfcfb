import type { FastifyInstance } from 'fastify'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'
import WebSocket, { type ClientOptions } from 'ws'
import { SUBPROTOCOL, type ClientMessage, type ServerMessage } from '../../src/wire/messages.js'
import { HEADER_BYTES, readHeader, type PictureHeader } from '../../src/wire/picture-header.js'
import { until } from '../e2e/until.js'

export interface Received extends PictureHeader { readonly bytes: Buffer }

/** A client of `GET /wall`. It credits every picture at once unless told otherwise. */
export class WallClient {
  readonly webSocket: WebSocket
  readonly messages: ServerMessage[] = []
  readonly pictures: Received[] = []
  closed: { readonly code: number, readonly reason: string } | undefined
  /** The status of an answer that is no WebSocket. */
  refused: number | undefined
  credits = true

  constructor (t: Pick<Test, 'teardown'>, url: string, { protocols = [SUBPROTOCOL], ...options }: ClientOptions & { protocols?: string[] } = {}) {
    const webSocket = this.webSocket = new WebSocket(url, protocols, options)
    t.teardown(() => webSocket.terminate())
    webSocket.on('unexpected-response', (request, response) => {
      this.refused = response.statusCode
      request.destroy()
    })
    webSocket.on('error', () => {})
    webSocket.on('close', (code, reason) => { this.closed = { code, reason: String(reason) } })
    webSocket.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) {
        this.messages.push(JSON.parse(String(data)))
        return
      }
      const header = readHeader(new DataView(data.buffer, data.byteOffset, data.length))
      this.pictures.push({ ...header!, bytes: data.subarray(HEADER_BYTES) })
      if (this.credits) this.send({ op: 'credit', bytes: data.length })
    })
  }

  static of (t: Test, app: FastifyInstance, path = '/wall', options: ClientOptions & { protocols?: string[] | undefined, scheme?: string } = {}): WallClient {
    return new WallClient(t, `${options.scheme ?? 'ws'}://127.0.0.1:${(app.server.address() as AddressInfo).port}${path}`, options)
  }

  send (message: ClientMessage): void { this.webSocket.send(JSON.stringify(message)) }

  tile (id: number, camera: string, more: Partial<Extract<ClientMessage, { op: 'tile' }>> = {}): void {
    this.send({ op: 'tile', id, camera, width: 640, height: 360, accept: ['h264', 'jpeg'], priority: 0, ...more })
  }

  /** Resolves when the connection is open, or has been refused. */
  async opened (): Promise<this> {
    await until('the WebSocket opens or is refused', () => this.webSocket.readyState === WebSocket.OPEN || this.refused !== undefined)
    return this
  }

  get isOpen (): boolean { return this.webSocket.readyState === WebSocket.OPEN }

  /** The messages of this kind. */
  told<Op extends ServerMessage['op']> (op: Op): Array<Extract<ServerMessage, { op: Op }>> {
    return this.messages.filter((message): message is Extract<ServerMessage, { op: Op }> => message.op === op)
  }
}
