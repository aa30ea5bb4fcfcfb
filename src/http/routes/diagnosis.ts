import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { DiagnosisSchema, type Diagnoses } from '../../doctor/diagnoses.js'
import type {} from '../../door/door.js' // declares the request's cameras
import { CameraParams, Problem } from '../schemas.js'

/** Why a camera is black. It may ask the camera, so another site may not cause it, and neither may a prefetch. */
export const diagnosisRoute: FastifyPluginAsyncTypebox<{ diagnoses: Diagnoses }> = async (app, { diagnoses }) => {
  app.get('/diagnosis/:id', {
    config: { changesState: true },
    exposeHeadRoute: false,
    schema: {
      summary: 'Why a camera shows no picture, and what to do; it is asked itself only while camgate does not read it',
      params: CameraParams,
      response: { 200: DiagnosisSchema, 403: Problem, 404: Problem }
    }
  }, async ({ cameras, params: { id } }, reply) => {
    reply.header('Cache-Control', 'no-store')
    return await diagnoses.of(cameras.get(id))
  })
}
