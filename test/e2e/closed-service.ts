import { randomBytes, scryptSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { SignJWT } from 'jose'
import type { Test } from 'tap'
import { makeJpegs } from '../jpegs.js'
import { basicAuth } from '../passwords.js'
import { secret } from './credentials.js'
import { listenOnLoopback } from './loopback-server.js'
import { startService, type Service, type ServiceStatus } from './service.js'
import { until } from './until.js'

/** An answer that is not complete by then is a stream, or none at all. */
const ANSWER_TIMEOUT_MS = 3_000
const JWT_SECRET = secret('a secret of at least 32 bytes, for tokens')
export const LINK_KEY = secret('a secret of at least 32 bytes, for links')

/** A hash that is quickly checked. */
export function hashOf (password: string): string {
  const salt = randomBytes(12)
  const hash = scryptSync(password.normalize('NFC'), salt, 32, { N: 2 ** 10, r: 1, p: 1 })
  return ['', 'scrypt', 'ln=10,r=1,p=1', salt.toString('base64'), hash.toString('base64').replace(/=+$/, '')].join('$')
}

export const passwordOf = (name: string): string => secret(`pass of ${name}`)
export const basic = (name: string, password = passwordOf(name)): Record<string, string> => ({ authorization: basicAuth(name, password) })

/** A token that was issued an hour ago. */
export async function bearer (claims: Record<string, unknown>, endsInSeconds = 600): Promise<Record<string, string>> {
  const now = Math.floor(Date.now() / 1_000)
  const token = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).setIssuedAt(now - 3_600).setExpirationTime(now + endsInSeconds).sign(Buffer.from(JWT_SECRET))
  return { authorization: `Bearer ${token}` }
}

export const VAULT = { id: 'vault', name: 'Vault of the bank', width: 160 }
export const GATE = { id: 'gate', name: 'Gate of the farm', width: 80 }

export interface ClosedService {
  readonly service: Service
  readonly config: string
  readonly port: number
  /** Asks as one of the users, or as nobody. */
  ask (path: string, who?: 'anna' | 'ada', init?: RequestInit): Promise<Response>
  status (): Promise<ServiceStatus>
}

/**
 * A camgate that is closed by every way in: `anna` may view the gate, and `ada` is an administrator. The vault comes first. Both cameras send a JPEG over
 * HTTP, each of its own size, if they are given the password.
 */
export async function startClosed (t: Test, more: { server?: object, auth?: object, users?: object, cameras?: object } = {}): Promise<ClosedService> {
  const [vault, gate] = [VAULT, GATE].map(({ width }) => makeJpegs(1, `${width}x60`)[0]!) as [Buffer, Buffer]
  const credentials = { username: secret('camera'), password: secret('of the camera') }
  const camera = createServer(({ url, headers }, response) => {
    const isAllowed = headers.authorization === basicAuth(credentials.username, credentials.password)
    if (isAllowed) response.setHeader('Content-Type', 'image/jpeg').end(url?.startsWith('/vault') ? vault : gate)
    else response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="camera"' }).end()
  })
  const cameraPort = await listenOnLoopback(t, camera)
  const source = (path: string) => ({ type: 'http-jpeg', url: `http://127.0.0.1:${cameraPort}/${path}?key=${secret('q')}` })
  const cameraOf = ({ id, name }: typeof GATE) => [id, { name, source: source(id), ...credentials }] as const
  const users = {
    anna: { password: hashOf(passwordOf('anna')), cameras: [GATE.id] },
    ada: { password: hashOf(passwordOf('ada')), right: 'admin' },
    ...more.users
  }
  const yaml = {
    server: { auth: { users, jwt: { secret: JWT_SECRET, cookie: 'app_token' }, links: { keys: { k1: LINK_KEY } }, ...more.auth }, ...more.server },
    cameras: { ...Object.fromEntries([VAULT, GATE].map(cameraOf)), ...more.cameras }
  }
  const config = join(t.testdir({ 'cameras.yaml': JSON.stringify(yaml) }), 'cameras.yaml')
  const service = await startService(t, { config })
  const ask: ClosedService['ask'] = (path, who, init = {}) => fetch(new URL(path, service.url), { ...init, headers: { ...who && basic(who), ...init.headers as Record<string, string> } })
  const status: ClosedService['status'] = async () => await (await ask('/status', 'ada')).json() as ServiceStatus
  await until('both cameras run', async () => Object.values((await status()).cameras).filter(({ state }) => state === 'running').length >= 2)
  return { service, config, port: Number(new URL(service.url).port), ask, status }
}

/** Sends bytes on a connection of its own, and returns all that comes back. */
export async function exchange (port: number, bytes: string, timeoutMs = ANSWER_TIMEOUT_MS): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.on('error', () => {}).setEncoding('latin1').on('data', (text: string) => { answer += text })
  const timeout = setTimeout(() => socket.destroy(), timeoutMs)
  socket.end(bytes, 'latin1')
  await once(socket, 'close')
  clearTimeout(timeout)
  return answer
}

/** The statuses of all responses that came back on a connection. */
export const statusesOf = (answer: string): number[] => [...answer.matchAll(/HTTP\/1\.\d (\d{3}) /g)].map(([, status]) => Number(status))
