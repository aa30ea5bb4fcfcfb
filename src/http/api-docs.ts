import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import fastifyPlugin from 'fastify-plugin'
import type { FastifyPluginAsync, FastifySchema } from 'fastify'
import { version } from '../package.js'
import { Problem, problemOrPicture } from './schemas.js'

const RIGHTS = {
  public: 'For everybody.',
  view: 'Needs the right view.',
  control: 'Needs the right control.',
  admin: 'Needs the right admin.'
}

/** Collects the schemas of the routes that are registered after it. Routes without a summary are files of the page, and left out. */
export const describeApi = fastifyPlugin(async app => {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'camgate', version, description: 'Pictures of IP cameras for any web page. In words: docs/http.md.' },
      tags: Object.entries(RIGHTS).map(([name, description]) => ({ name, description })),
      components: {
        schemas: { Problem },
        securitySchemes: {
          password: { type: 'http', scheme: 'basic', description: 'A user of cameras.yaml' },
          token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'A token of another program' },
          link: { type: 'apiKey', in: 'query', name: 'sig', description: 'A signed link, for pictures' }
        }
      }
    },
    transform ({ schema, url, route }) {
      const written: FastifySchema | undefined = schema
      const scope = route.config?.scope ?? 'public'
      if (!written?.summary) return { schema: { ...written, hide: true }, url }
      const { response } = written as { response?: object }
      const proofs = scope === 'public' ? [] : ['password', 'token', ...route.config?.showsPicture ? ['link'] : []]
      return { url, schema: { ...written, tags: [scope], security: proofs.map(proof => ({ [proof]: [] })), response: { ...response, default: route.config?.showsPicture ? problemOrPicture : Problem } } }
    },
    transformObject: document => 'openapiObject' in document ? withNamedProblem(document.openapiObject) : document.swaggerObject
  })
})

/** The same body in a hundred places, by its name. */
function withNamedProblem<Document extends object> (document: Document): Document {
  const problem = JSON.stringify(Problem)
  const byName = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map(byName)
    if (JSON.stringify(value) === problem) return { $ref: '#/components/schemas/Problem' }
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, key === 'schemas' ? inner : byName(inner)]))
  }
  return byName(document) as Document
}

/** `/openapi.json`, and a page at `/docs` that shows it. */
export const apiDocs: FastifyPluginAsync = async app => {
  app.get('/openapi.json', { schema: { summary: 'This description, OpenAPI 3.1' } }, async (_request, reply) => reply.type('application/json').send(app.swagger()))
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: CSP })
}

/** Without the plugin's own upgrade-insecure-requests, which breaks it over plain http, and without other servers. */
const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
