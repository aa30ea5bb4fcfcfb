import type { ServerResponse } from 'node:http'
import fastify, { type FastifyInstance } from 'fastify'
import { dashboard } from '../../src/http/dashboard.js'
import type { SessionStatus } from '../../src/http/routes/session.js'
import type { ServiceStatus } from '../../src/http/routes/status.js'
import type { CameraStatus } from '../../src/stream/status.js'
import { cameraStatus, viewerStatus } from '../status.js'

const BOUNDARY = 'picture'

export const camera = (name: string, more: Partial<CameraStatus> = {}): CameraStatus => ({
  ...cameraStatus, name, address: '', since: new Date(Date.now() - 180_000).toISOString(), fps: 20, frameAgeMs: 30, width: 16, height: 9, watching: [viewerStatus], framesTotal: 100, ...more
})

/**
 * Plays camgate's API for the dashboard, without cameras, so that a test can script trouble: any address can be held
 * back, and the whole service can go away and come back on its port. Serves the page under the strictest CSP.
 */
export class StandIn {
  readonly cameras: Record<string, CameraStatus>
  readonly asked: string[] = []
  config: ServiceStatus['config'] = { loadedAt: '2026-01-01T00:00:00.000Z', error: null, restartNeeded: [] }
  /** Who its viewers are. */
  session: SessionStatus = { user: null, right: 'admin', cameras: 'all', login: false, logout: false, basic: false }
  snapshotsInFlight = 0
  maxSnapshotsInFlight = 0
  streams = 0
  #app: FastifyInstance | undefined
  #port = 0
  #picture: Buffer
  #prefix: string
  #held = new Map<string, Promise<void>>()
  #refused = new Map<string, { status: number, body: object }>()

  constructor (cameras: Record<string, CameraStatus>, picture: Buffer, prefix = '') {
    this.cameras = cameras
    this.#picture = picture
    this.#prefix = prefix
  }

  get url () { return `http://127.0.0.1:${this.#port}${this.#prefix}/` }

  times (address: string) { return this.asked.filter(other => other === address).length }

  /** Holds back every answer to `address`, as in 'POST /stop/1', until the returned function is called. */
  hold (address: string): () => void {
    let release = () => {}
    this.#held.set(address, new Promise(resolve => { release = resolve }))
    return () => {
      this.#held.delete(address)
      release()
    }
  }

  refuse (address: string, status: number, body: object) { this.#refused.set(address, { status, body }) }
  accept (address: string) { this.#refused.delete(address) }

  async start () {
    const app = fastify({ forceCloseConnections: true })
    app.addHook('onRequest', async (request, reply) => {
      const address = `${request.method} ${request.url.slice(this.#prefix.length).split('?')[0]}`
      reply.header('content-security-policy', "default-src 'self'")
      this.asked.push(address)
      if (address.endsWith('/snapshot')) this.#countSnapshot(reply.raw)
      await this.#held.get(address)
      const refused = this.#refused.get(address)
      if (refused !== undefined) return reply.code(refused.status).send(refused.body)
    })
    await app.register(async routes => { this.#routes(routes) }, { prefix: this.#prefix })
    this.#port = Number(new URL(await app.listen({ port: this.#port, host: '127.0.0.1' })).port)
    this.#app = app
  }

  async stop () {
    await this.#app?.close()
    this.#app = undefined
  }

  #countSnapshot (response: ServerResponse) {
    this.maxSnapshotsInFlight = Math.max(this.maxSnapshotsInFlight, ++this.snapshotsInFlight)
    response.once('close', () => { this.snapshotsInFlight-- })
  }

  #routes (app: FastifyInstance) {
    app.register(dashboard, { origins: () => [] })
    app.get('/status', async () => ({ status: 'ok', version: '0.0.0', uptimeSeconds: process.uptime(), config: this.config, order: Object.keys(this.cameras), cameras: this.cameras }))
    app.get('/session', async () => this.session)
    app.get('/camera/:id/snapshot', async (_request, reply) => reply.type('image/jpeg').send(this.#picture))
    app.get('/camera/:id', (_request, reply) => {
      reply.hijack()
      reply.raw.writeHead(200, { 'content-type': `multipart/x-mixed-replace; boundary=${BOUNDARY}`, 'cache-control': 'no-store' })
      reply.raw.write(Buffer.concat([
        Buffer.from(`--${BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: ${this.#picture.length}\r\n\r\n`),
        this.#picture,
        Buffer.from(`\r\n--${BOUNDARY}\r\n`)
      ]))
      this.streams++
      reply.raw.once('close', () => { this.streams-- })
    })
    for (const [verb, state] of [['start', 'running'], ['stop', 'stopped'], ['restart', 'starting']] as const) {
      app.post<{ Params: { id: string } }>(`/${verb}/:id`, async ({ params: { id } }) => {
        const camera = this.cameras[id]
        if (camera !== undefined) Object.assign(camera, { state, since: new Date().toISOString() })
        return { id, state }
      })
    }
  }
}
