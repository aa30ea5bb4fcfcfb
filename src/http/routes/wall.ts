import type { EventEmitter } from 'node:events'
import type { Server } from 'node:http'
import fastifyWebsocket from '@fastify/websocket'
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { authorize, forbidden } from '../../access/authorize.js'
import { CamgateError } from '../../errors.js'
import type { Audience } from '../../viewers/audience.js'
import { SUBPROTOCOL, type Verb } from '../../wire/messages.js'
import { serveWall, type SessionParts } from '../wall/session.js'

/** Every message of a client is shorter. */
const MAX_MESSAGE_BYTES = 4 * 1024

export interface WallOptions extends Omit<SessionParts, 'command' | 'log'> {
  /** Emits `upgrade` like an http.Server. */
  readonly upgrades: EventEmitter
}

const schema = {
  summary: `A WebSocket on which one page watches many cameras: ${SUBPROTOCOL}`,
  querystring: Type.Object({ cameras: Type.Optional(Type.String({ description: 'In a signed link: the cameras that it is for, separated by commas' })) })
}

/** One WebSocket for all the cameras that a page shows. */
export const wallRoute: FastifyPluginAsyncTypebox<WallOptions> = async (app, { upgrades, ...parts }) => {
  await app.register(fastifyWebsocket, {
    options: {
      server: upgrades as Server,
      perMessageDeflate: false, // pictures are compressed already
      clientTracking: false,
      maxPayload: MAX_MESSAGE_BYTES,
      allowSynchronousEvents: false, // one message at a turn of the event loop: a client that sends thousands at once holds nobody up
      handleProtocols: () => SUBPROTOCOL // never one with a token
    },
    preClose: done => { done() }, // Viewers ends them
    errorHandler: (error, socket) => {
      if (!('code' in error)) app.log.error({ err: error }, 'a wall failed') // an error of its protocol has one, and the connection ends anyway
      socket.terminate()
    }
  })

  app.route({
    method: 'GET',
    url: '/wall',
    exposeHeadRoute: false,
    config: { showsCameras: true },
    schema,
    preHandler: async request => {
      if (request.ws && !protocolsOf(request).includes(SUBPROTOCOL)) throw new CamgateError('BAD_REQUEST', `A WebSocket here speaks ${SUBPROTOCOL}: ask for this subprotocol.`)
    },
    handler: async () => { throw new CamgateError('UPGRADE_REQUIRED', `This address is for a WebSocket that speaks ${SUBPROTOCOL}.`) },
    wsHandler: (socket, request) => serveWall(socket, request, { ...parts, log: app.log, command: (verb, camera) => command(request, verb, camera, parts.audience) })
  })
}

/** What the routes of that name do. As there, a proof is no longer good from the moment on in which it ends. */
async function command ({ principal, cameras }: FastifyRequest, verb: Verb, camera: string, audience: Audience) {
  if (audience.hasEnded(principal)) throw new CamgateError('EXPIRED', 'Your login, token or link has ended.')
  if (authorize(principal, 'control', camera) === 'forbidden') throw forbidden(principal, 'control')
  return (await cameras.command(verb, camera)).kind
}

const protocolsOf = ({ headers }: FastifyRequest): string[] => (headers['sec-websocket-protocol'] ?? '').split(',').map(name => name.trim())
