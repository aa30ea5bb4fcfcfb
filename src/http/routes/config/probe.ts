import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { sees } from '../../../access/principal.js'
import type { Fleet } from '../../../camera/fleet.js'
import type { Clock } from '../../../clock.js'
import type { Credentials } from '../../../credentials.js'
import { CamgateError } from '../../../errors.js'
import { probeCamera, type ProbeParts } from '../../../probe/probe.js'
import { ProbeReportSchema, type ProbeReport } from '../../../probe/report.js'
import { cameraOf, readSource, type NetworkSource } from '../../../probe/target.js'
import { SourceError } from '../../../sources/source.js'
import { addCredentials } from '../../../text/redact.js'
import { readJson } from '../../bodies.js'
import { Problem } from '../../schemas.js'

const MAX_BODY_BYTES = 16 * 1024
const MAX_CHARS = 1_000
const Text = Type.String({ maxLength: MAX_CHARS })

const Body = Type.Object({
  source: Type.Unsafe<unknown>({ description: 'As in cameras.yaml: an address, or a map with a type; a camera on the network, by RTSP or HTTP' }),
  username: Type.Optional(Text),
  password: Type.Optional(Text),
  id: Type.Optional(Type.String({ maxLength: MAX_CHARS, description: 'A camera whose username and password are used if none are sent, and the source is at the same host and port' }))
}, { additionalProperties: false })

/** Tries a camera before it is written into the file. Text is literal: no ${…} is filled in. One at a time, whoever asks. */
export const configProbeRoute: FastifyPluginAsyncTypebox<{ clock: Clock, fleet: Fleet, probe?: typeof probeCamera }> = async (app, { clock, fleet, probe = probeCamera }) => {
  readJson(app, MAX_BODY_BYTES)
  let turn: Promise<unknown> = Promise.resolve()

  app.post('/config/probe', {
    schema: { summary: 'Look at a camera before it is added: one connection, one login', body: Body, response: { 200: ProbeReportSchema, 400: Problem, 403: Problem } }
  }, async ({ body: { source: written, username, password = '', id }, principal }, reply) => {
    const { source, credentials: within } = sourceOf(written)
    const sent = username === undefined || username === '' ? within : { username, password }
    const kept = sent === undefined && id !== undefined && sees(principal.cameras, id) && fleet.has(id) ? keptCredentials(fleet, id, source) : undefined
    const ending = new AbortController()
    reply.raw.once('close', () => ending.abort())
    const known = kept && fleet.get(id!).memory
    const looking = turn.then(() => ending.signal.aborted ? undefined : look(source, sent ?? kept, { signal: ending.signal, known }))
    turn = looking.catch(() => {})
    const report = await looking
    if (report) return report
    throw new CamgateError('BAD_REQUEST', 'The request was given up.')
  })

  async function look (source: NetworkSource, credentials: Credentials | undefined, parts: Pick<ProbeParts, 'signal' | 'known'>): Promise<ProbeReport> {
    const forget = credentials ? addCredentials(credentials) : () => {}
    try {
      return (await probe(cameraOf(source, credentials), { ...parts, clock, asksPorts: false })).report
    } finally {
      forget()
    }
  }
}

function sourceOf (written: unknown): ReturnType<typeof readSource> {
  try {
    return readSource(written)
  } catch (error) {
    throw error instanceof SourceError ? new CamgateError('BAD_REQUEST', `source: ${error.message}.`) : error
  }
}

/** A password goes only where camgate sends it already, and not after it was refused there. */
function keptCredentials (fleet: Fleet, id: string, source: NetworkSource): Credentials | undefined {
  const { camera, state } = fleet.get(id)
  const isSamePlace = 'url' in camera.source && placeOf(camera.source.url) === placeOf(source.url)
  if (!isSamePlace) return undefined
  if (state.refusal) throw new CamgateError('BAD_REQUEST', 'The camera has refused the password that camgate has for it: send another.')
  return camera.credentials
}

/** Scheme, host and port. */
const placeOf = (url: string): string => /^[a-z]+:\/\/[^/?#]*/i.exec(url)![0].toLowerCase()
