import { Type, type FastifyPluginAsyncTypebox, type Static } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { FailureStatusSchema, NextRetrySchema, StateNameSchema } from '../../lifecycle/status.js'
import type { Verb } from '../../wire/messages.js'
import { CameraParams, Problem } from '../schemas.js'

const Result = Type.Object({
  id: Type.String(),
  state: StateNameSchema,
  status: Type.Literal('success', { description: 'For pages written for a Flask script' }),
  message: Type.String({ description: 'For people: how the camera is now' }),
  failure: FailureStatusSchema,
  nextRetryAt: NextRetrySchema
})
const response = { 200: Result, 403: Problem, 404: Problem }

/** Start, stop and restart are idempotent, and answer once the old process has exited. */
export const controlRoutes: FastifyPluginAsyncTypebox = async app => {
  /** A camera that has refused its password is not tried again at once. The response then gives the reason and the time of the next try. */
  const ask = async (verb: Verb, { cameras, params: { id } }: FastifyRequest<{ Params: Static<typeof CameraParams> }>) => {
    const supervisor = cameras.get(id)
    const state = (await cameras.command(verb, id)).kind
    const { failure, nextRetryAt } = supervisor.status()
    return { id, state, status: 'success' as const, message: `${supervisor.camera.name} is ${state}.${failure && nextRetryAt ? ` ${failure.message}` : ''}`, failure, nextRetryAt }
  }

  app.post('/start/:id', {
    schema: { summary: 'Start a camera, or try again at once', params: CameraParams, response }
  }, request => ask('start', request))

  app.post('/stop/:id', {
    schema: { summary: 'Stop a camera and keep it stopped until it is started again', params: CameraParams, response }
  }, request => ask('stop', request))

  app.post('/restart/:id', {
    schema: { summary: 'End a camera\'s process and start another', params: CameraParams, response }
  }, request => ask('restart', request))

  // No HEAD route: a HEAD must not stop anything. Other sites are kept off by src/door/sites.ts.
  app.get('/stop/:id', {
    config: { changesState: true, hasStopPage: true },
    exposeHeadRoute: false,
    schema: { summary: 'The same, for a browser\'s address bar', params: CameraParams, response }
  }, request => ask('stop', request))
}
