import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Configuration } from '../../../reload/configuration.js'
import { CamgateError } from '../../../errors.js'
import { ConfigError } from '../../../yaml/diagnostic.js'
import { problem } from '../../errors.js'
import { Problem } from '../../schemas.js'

const ReloadResult = Type.Object({
  changes: Type.Array(Type.String(), { description: 'What has changed, in words; empty if nothing has' }),
  restartNeeded: Type.Array(Type.String(), { description: 'The keys of server that change when camgate is started again' })
})

const InvalidConfiguration = Type.Object({
  ...Problem.properties,
  diagnostics: Type.Array(Type.Object({ line: Type.Integer(), column: Type.Integer(), message: Type.String() }), { description: 'Every mistake in the file, in its order' })
})

/** Takes in the configuration's files at once: camgate does so by itself within a second or three. */
export const reloadRoute: FastifyPluginAsyncTypebox<{ configuration: Pick<Configuration, 'reload'> }> = async (app, { configuration }) => {
  app.post('/config/reload', {
    schema: { summary: 'Read cameras.yaml again now, and say what has changed', response: { 200: ReloadResult, 401: Problem, 403: Problem, 409: Problem, 422: InvalidConfiguration } }
  }, async (_request, reply) => {
    try {
      const { changes, restartNeeded } = await configuration.reload()
      return { changes: [...changes], restartNeeded: [...restartNeeded] }
    } catch (error) {
      if (error instanceof ConfigError) return await reply.code(422).send({ ...problem(422, error.code, error.message), diagnostics: [...error.diagnostics] })
      if (error instanceof CamgateError) return await reply.code(409).send(problem(409, error.code, error.message))
      throw error
    }
  })
}
