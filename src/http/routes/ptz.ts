import { Type, TypeBoxValidatorCompiler, type FastifyPluginAsyncTypebox, type Static } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Supervisor } from '../../camera/supervisor.js'
import type {} from '../../door/door.js' // declares the request's cameras and principal
import { CamgateError } from '../../errors.js'
import type { PtzControl } from '../../onvif/ptz-control.js'
import { readJson } from '../bodies.js'
import { CameraParams, Problem } from '../schemas.js'

const speed = (description: string) => Type.Optional(Type.Number({ minimum: -1, maximum: 1, description }))
const closed = { additionalProperties: false }

const CommandSchema = Type.Union([
  Type.Object({
    move: Type.Object({ pan: speed('To the right; negative: to the left'), tilt: speed('Up; negative: down'), zoom: speed('Closer; negative: away') }, closed)
  }, { ...closed, description: 'Moves for 700 ms from now: send it again to keep the camera moving' }),
  Type.Object({ stop: Type.Literal(true) }, closed),
  Type.Object({ preset: Type.String({ minLength: 1, maxLength: 64, description: 'The token of a preset' }) }, closed),
  Type.Object({ home: Type.Literal(true) }, closed)
])
const DescriptionSchema = Type.Object({
  id: Type.String(),
  ptz: Type.Boolean({ description: 'Whether the camera can pan, tilt or zoom' }),
  presets: Type.Array(Type.Object({ token: Type.String(), name: Type.String() }), { description: 'The places that it remembers' })
})
const Result = Type.Object({ id: Type.String(), status: Type.Literal('success') })
const problems = { 400: Problem, 403: Problem, 404: Problem, 409: Problem, 502: Problem }

type PtzRequest = FastifyRequest<{ Params: Static<typeof CameraParams> }>
const MAX_COMMAND_BYTES = 1_024

/** Moving a camera is a dead man's switch: it goes on only while the same request comes again, so that it ends with the client, its network or its page. */
export const ptzRoutes: FastifyPluginAsyncTypebox = async app => {
  readJson(app, MAX_COMMAND_BYTES)
  app.setValidatorCompiler(TypeBoxValidatorCompiler) // Fastify's own drops unknown properties instead of refusing them
  app.addHook('preValidation', async ({ cameras, params }) => { cameras.get((params as Static<typeof CameraParams>).id) }) // an unknown camera is reported before a wrong body

  app.get('/ptz/:id', {
    config: { changesState: true }, // it logs in to the camera, which another site may not cause
    exposeHeadRoute: false,
    schema: { summary: 'Whether a camera can pan, tilt or zoom, and its presets', params: CameraParams, response: { 200: DescriptionSchema, ...problems } }
  }, async ({ cameras, params: { id } }) => {
    const supervisor = cameras.get(id)
    if (!supervisor.ptz) return { id, ptz: false, presets: [] }
    const { hasPtz, presets } = await controlOf(supervisor).describe()
    return { id, ptz: hasPtz, presets: [...presets] }
  })

  app.post('/ptz/:id', {
    schema: { summary: 'Pan, tilt or zoom a camera, or stop it', params: CameraParams, body: CommandSchema, response: { 200: Result, ...problems } }
  }, async (request, reply) => {
    const { cameras, params: { id }, body } = request
    const ptz = controlOf(cameras.get(id))
    const who = whoAsks(request)
    if ('move' in body) {
      const { pan = 0, tilt = 0, zoom = 0 } = body.move
      onHangUp(reply, () => { ptz.stop(who).catch(() => {}) })
      await (pan === 0 && tilt === 0 && zoom === 0 ? ptz.stop(who) : ptz.move(who, { pan, tilt, zoom }))
    } else if ('stop' in body) await ptz.stop(who)
    else await ptz.goTo(who, 'home' in body ? 'home' : body.preset)
    return { id, status: 'success' as const }
  })
}

/** Cameras lock accounts, so one that has refused its password is not asked with it here either. */
function controlOf ({ ptz, camera: { name, credentials }, state }: Supervisor): PtzControl {
  if (!ptz) throw new CamgateError('NO_PTZ', `${name} has no ONVIF address in cameras.yaml, so it cannot be moved.`)
  if (state.kind === 'stopped') throw new CamgateError('CAMERA_STOPPED', `${name} is stopped. Start it before you move it.`)
  if (state.refusal && credentials) throw new CamgateError('PTZ_FAILED', state.refusal.outage.message)
  return ptz
}

/** Two tabs of one person are one, two people are two. */
const whoAsks = ({ principal, ip }: PtzRequest): string => `${principal.name} ${ip}`

/** Calls back if the client closes its connection before it has the response. */
function onHangUp ({ raw }: FastifyReply, hungUp: () => void): void {
  raw.once('close', () => { if (!raw.writableEnded) hungUp() })
}
