import { Type, type FastifyPluginAsyncTypebox, type Static } from '@fastify/type-provider-typebox'
import { stringifySetCookie } from 'cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { rights, type Principal } from '../../access/principal.js'
import { sessionCookie, userOf } from '../../door/users.js'
import type { WaysIn } from '../../door/ways-in.js'
import { CamgateError } from '../../errors.js'
import { Problem } from '../schemas.js'
import type { Audience } from '../../viewers/audience.js'

const SessionSchema = Type.Object({
  user: Type.Union([Type.String(), Type.Null()], { description: 'null: nobody has logged in' }),
  right: Type.Union([Type.Enum([...rights]), Type.Null()], { description: 'null: log in first' }),
  cameras: Type.Union([Type.Literal('all'), Type.Array(Type.String())]),
  login: Type.Boolean({ description: 'Whether a user and a password can be given here' }),
  logout: Type.Boolean({ description: 'Whether there is a session that DELETE /session ends' }),
  basic: Type.Boolean({ description: 'Whether the password came with the request itself: a browser that has asked for it sends it until it is closed' })
})
export type SessionStatus = Static<typeof SessionSchema>

export interface SessionOptions {
  /** Those in force: a changed configuration replaces them. */
  readonly waysIn: () => WaysIn
  readonly audience: Audience
}

/**
 * The sessions of camgate's page. Public, because they are the way in, so they find out by themselves who asks. A login carries its password in the
 * Authorization header, which no page of another site can send, and no log or address contains.
 */
export const sessionRoutes: FastifyPluginAsyncTypebox<SessionOptions> = async (app, { waysIn, audience }) => {
  const statusOf = (principal: Principal | undefined, logout: boolean): SessionStatus => ({
    user: principal && principal.kind !== 'anyone' ? principal.name : null,
    right: principal?.right ?? null,
    cameras: principal ? principal.cameras === 'all' ? 'all' : [...principal.cameras] : [],
    login: waysIn().login !== undefined,
    logout,
    basic: principal?.kind === 'user' && !logout
  })
  const setCookie = (request: FastifyRequest, reply: FastifyReply, value: string, maxAge?: number) => reply.header('Set-Cookie', stringifySetCookie({
    name: sessionCookie(request).name, value, httpOnly: true, sameSite: 'strict', path: '/', secure: request.protocol === 'https', ...maxAge !== undefined && { maxAge }
  }))
  const closeSession = (request: FastifyRequest) => {
    waysIn().login?.sessions.close(sessionCookie(request).token)
    audience.check() // its streams, which may be on another page, end at once
  }
  app.addHook('onRequest', async (_request, reply) => { reply.header('Cache-Control', 'no-store') })

  app.get('/session', {
    exposeHeadRoute: false,
    schema: { summary: 'Who asks, and what they may do', response: { 200: SessionSchema, 429: Problem } }
  }, async request => {
    const principal = await app.identified(request).catch((error: unknown) => {
      if (error instanceof CamgateError && error.code !== 'TOO_MANY_TRIES') return undefined // a session that has ended, say
      throw error
    })
    return statusOf(principal, principal !== undefined && waysIn().login?.sessions.find(sessionCookie(request).token) === principal)
  })

  async function logIn (request: FastifyRequest, reply: FastifyReply): Promise<SessionStatus> {
    const { login } = waysIn()
    if (!login) throw new CamgateError('BAD_CREDENTIALS', 'Nobody logs in here with a password: no user in cameras.yaml has one.')
    const user = await userOf(login, request)
    if (waysIn().login !== login) return await logIn(request, reply) // a password takes a while to check: the user may be gone by now
    if (!user) throw new CamgateError('BAD_CREDENTIALS', 'Send the user and the password in an Authorization header: Basic, then user:password in base64.')
    closeSession(request)
    const token = login.sessions.open(user)
    setCookie(request, reply, token)
    return statusOf(login.sessions.find(token), true)
  }

  app.post('/session', {
    schema: { summary: 'Log in with Authorization: Basic; the answer sets a cookie', response: { 200: SessionSchema, 401: Problem, 429: Problem } }
  }, logIn)

  app.delete('/session', {
    schema: { summary: 'Log out', response: { 200: SessionSchema } }
  }, async (request, reply) => {
    closeSession(request)
    setCookie(request, reply, '', 0)
    return statusOf(undefined, false)
  })
}
