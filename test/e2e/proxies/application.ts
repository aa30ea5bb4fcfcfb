import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { Test } from 'tap'
import { listenOnLoopback } from '../loopback-server.js'

/** The path that the samples ask whether somebody may see cameras. */
const ALLOWED = '/camgate-allowed/'
/** A session of somebody whom the application lets in without naming. */
export const NAMELESS = 'nameless'
/** A session of somebody who may see no cameras. */
export const REFUSED = 'refused'

/** Stands in for Django beside camgate: whoever has the cookie `session=NAME` is logged in as NAME. */
export interface Application {
  readonly port: number
  /** What the application was sent, apart from the questions about cameras. */
  readonly asked: Array<{ readonly url: string, readonly headers: IncomingHttpHeaders }>
}

export async function startApplication (t: Test): Promise<Application> {
  const asked: Application['asked'] = []
  const server = createServer(({ url = '', headers }, response) => {
    const session = /\bsession=([^;]+)/.exec(headers.cookie ?? '')?.[1]
    if (url !== ALLOWED) {
      asked.push({ url, headers })
      response.end('the application')
    } else if (session === undefined || session === REFUSED) response.writeHead(session ? 403 : 401).end()
    else response.writeHead(204, session === NAMELESS ? {} : { 'X-Forwarded-User': session }).end()
  })
  return { port: await listenOnLoopback(t, server), asked }
}
