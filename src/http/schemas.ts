import { Type } from '@fastify/type-provider-typebox'

export const CameraParams = Type.Object({ id: Type.String({ description: 'The camera\'s id in cameras.yaml' }) })

export const RenditionQuery = Type.Optional(Type.String({ description: 'The name of one of the camera\'s renditions, or auto: the one that the viewer\'s connection can carry; full, the camera\'s own picture, unless given' }))

/** What a successful answer carries that is not JSON, for the description of the API. Fastify sends it as it is. */
export const sends = (type: string, description: string) => ({ description, content: { [type]: { schema: Type.Any() } } })

/** The body of every error. */
export const Problem = Type.Object({
  statusCode: Type.Integer(),
  code: Type.String({ description: 'For programs: CAMERA_NOT_FOUND, NO_PICTURE, …' }),
  error: Type.String({ description: 'The status in words' }),
  message: Type.String({ description: 'For people: what happened and what to do' })
}, { description: 'Refused, for the reason that its code and message give' })

/** What is answered in its place to an `<img>`: a picture of the reason. */
export const problemOrPicture = { description: 'Refused; to a client that does not accept JSON, a picture that says why', content: { 'application/json': { schema: Problem }, 'image/jpeg': { schema: Type.Any() } } }
