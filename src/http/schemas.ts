import { Type } from '@fastify/type-provider-typebox'

export const CameraParams = Type.Object({ id: Type.String({ description: 'The camera\'s id in cameras.yaml' }) })

export const RenditionQuery = Type.Optional(Type.String({ description: 'The name of one of the camera\'s renditions, or auto: the one that the viewer\'s connection can carry; full, the camera\'s own picture, unless given' }))

/** The body of every error. */
export const Problem = Type.Object({
  statusCode: Type.Integer(),
  code: Type.String({ description: 'For programs: CAMERA_NOT_FOUND, NO_PICTURE, …' }),
  error: Type.String({ description: 'The status in words' }),
  message: Type.String({ description: 'For people: what happened and what to do' })
})
