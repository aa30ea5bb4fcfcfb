import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { sees } from '../../../access/principal.js'
import { CameraNotFound } from '../../../camera/fleet.js'
import { CameraSchema } from '../../../config/schema.js'
import type { CameraEntry, CameraFile, Changed } from '../../../edit/camera-file.js'
import { mergePatch, withSecrets } from '../../../edit/merge.js'
import { CamgateError } from '../../../errors.js'
import { isPlainMap, type Plain, type PlainMap } from '../../../yaml/edit/plain.js'
import { readJson } from '../../bodies.js'
import { checkPreconditions, entityTag } from '../../preconditions.js'
import { CameraParams, Problem } from '../../schemas.js'

const MAX_BODY_BYTES = 64 * 1024
/** A camera has three. */
const MAX_LEVELS = 8

const Keys = Type.Unsafe<PlainMap>(Type.Object({}, { additionalProperties: true, description: 'Its keys as in cameras.yaml. A secret that is set is { set: true }; addresses have no credentials.' }))
const Entry = Type.Object({ id: Type.String(), etag: Type.String({ description: 'For If-Match, in quotes' }), camera: Keys })
const changes = {
  changes: Type.Array(Type.String(), { description: 'For people: what is in force now' }),
  restartNeeded: Type.Array(Type.String(), { description: 'The keys of server that need a restart' })
}
const ChangedEntry = Type.Object({ ...Entry.properties, ...changes })
const Faults = Type.Object({ ...Problem.properties, diagnostics: Type.Array(Type.Object({ pointer: Type.String({ description: 'A JSON Pointer into the camera' }), message: Type.String() })) })
const Conflict = Type.Object({ ...Problem.properties, yaml: Type.Optional(Type.String({ description: 'What to write into the file, without secrets, if it cannot be written' })) })
const refusals = { 400: Problem, 403: Problem, 404: Problem, 409: Conflict, 412: Problem, 422: Faults, 428: Problem }

/** The cameras of cameras.yaml, to read and to change. Answers contain no secrets, and a secret that a request leaves out stays. */
export const cameraConfigRoutes: FastifyPluginAsyncTypebox<{ cameraFile: CameraFile }> = async (app, { cameraFile }) => {
  readJson(app, MAX_BODY_BYTES)

  app.get('/config/cameras', {
    schema: { summary: 'All cameras as cameras.yaml has them, in its order', response: { 200: Type.Object({ cameras: Type.Array(Entry) }), 403: Problem, 409: Conflict } }
  }, async request => ({ cameras: await visible(request) }))

  app.get('/config/cameras/:id', {
    schema: { summary: 'One camera as cameras.yaml has it', params: CameraParams, response: { 200: Entry, 403: Problem, 404: Problem, 409: Conflict } }
  }, async (request, reply) => {
    const { id } = request.params
    const cameras = await visible(request)
    return tagged(reply, cameras.find(entry => entry.id === id) ?? missing(id, cameras))
  })

  app.get('/config/schema', {
    schema: { summary: 'The keys of a camera, as JSON Schema', response: { 200: Type.Unsafe<object>(Type.Object({}, { additionalProperties: true })) } }
  }, async () => CameraSchema)

  app.put('/config/cameras/:id', {
    schema: { summary: 'Add a camera, or replace all that cameras.yaml says about one', params: CameraParams, body: Keys, response: { 200: ChangedEntry, 201: ChangedEntry, ...refusals } }
  }, async (request, reply) => {
    let isNew = false
    const sent = cameraIn(request.body)
    const changed = await cameraFile.change(request.params.id, current => {
      checkPreconditions(request.headers, current?.etag)
      isNew = !current
      return withSecrets(current?.camera ?? {}, sent)
    })
    return answer(reply.code(isNew ? 201 : 200), changed)
  })

  app.patch('/config/cameras/:id', {
    schema: { summary: 'Change some keys of a camera (RFC 7396): null removes one', params: CameraParams, body: Keys, response: { 200: ChangedEntry, ...refusals } }
  }, async (request, reply) => {
    return answer(reply, await cameraFile.change(request.params.id, current => {
      const { etag, camera } = existing(request, current)
      checkPreconditions(request.headers, etag)
      return mergePatch(camera, cameraIn(request.body)) as PlainMap
    }))
  })

  app.delete('/config/cameras/:id', {
    schema: { summary: 'Remove a camera', params: CameraParams, response: { 200: Type.Object({ id: Type.String(), ...changes }), ...refusals } }
  }, async request => {
    const { changes, restartNeeded } = await cameraFile.change(request.params.id, current => {
      checkPreconditions(request.headers, existing(request, current).etag)
      return undefined
    })
    return { id: request.params.id, changes: [...changes], restartNeeded: [...restartNeeded] }
  })

  async function visible ({ principal }: FastifyRequest): Promise<CameraEntry[]> {
    return (await cameraFile.list()).filter(({ id }) => sees(principal.cameras, id))
  }
}

const missing = (id: string, cameras: readonly CameraEntry[]): never => { throw new CameraNotFound(id, cameras.map(entry => entry.id)) }

function existing ({ params, cameras }: FastifyRequest, current: CameraEntry | undefined): CameraEntry {
  if (current) return current
  throw new CameraNotFound((params as { id: string }).id, cameras.all.map(({ camera }) => camera.id))
}

const tagged = (reply: FastifyReply, entry: CameraEntry): CameraEntry => {
  reply.header('ETag', entityTag(entry.etag))
  return entry
}

function answer (reply: FastifyReply, { entry, changes, restartNeeded }: Changed) {
  return { ...tagged(reply, entry!), changes: [...changes], restartNeeded: [...restartNeeded] }
}

function cameraIn (body: unknown): PlainMap {
  if (isPlainMap(body as Plain | undefined) && !isDeeper(body, MAX_LEVELS)) return body as PlainMap
  throw new CamgateError('BAD_REQUEST', 'Send the camera as JSON, with the keys of cameras.yaml: {"source": "rtsp://192.168.1.20/stream1"}.')
}

const isDeeper = (value: unknown, levels: number): boolean =>
  typeof value === 'object' && value !== null && (levels === 0 || Object.values(value).some(each => isDeeper(each, levels - 1)))
