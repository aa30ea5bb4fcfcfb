// A login, camgate's cameras for those who may look, and buttons for those who may press them. README.md says how to start it.
import { createHash, timingSafeEqual } from 'node:crypto'
import { join } from 'node:path'
import session from 'cookie-session'
import express from 'express'
import { SignJWT } from 'jose'
import { camgateUrl } from '../../signing/camgate-signing.ts'

const {
  CAMGATE_URL, // how this program reaches camgate
  CAMGATE_PUBLIC_URL, // how browsers do
  CAMGATE_LINK_KEY, // as in camgate's cameras.yaml, like the next one
  CAMGATE_JWT_SECRET,
  DEMO_PASSWORD,
  SESSION_SECRET,
  PORT = '8000'
} = process.env
const missing = Object.entries({ CAMGATE_URL, CAMGATE_PUBLIC_URL, CAMGATE_LINK_KEY, CAMGATE_JWT_SECRET, DEMO_PASSWORD, SESSION_SECRET }).filter(([, value]) => !value)
if (missing.length > 0) throw new Error(`Set ${missing.map(([name]) => name).join(', ')} in the environment.`)
/** Instead, ask your table of users, which has a hash of each password. */
const USERS = new Map([['anna', ['look', 'control']], ['ben', ['look']], ['carl', []]])

class Refusal extends Error {
  constructor (status, message) { super(message); this.status = status }
}

/** Throws a `Refusal` that has camgate's own words, or says that it is down. */
async function askCamgate (method, path, right) {
  const token = await new SignJWT({ right, cameras: 'all' }).setProtectedHeader({ alg: 'HS256' }).setSubject('express').setExpirationTime('1m').sign(Buffer.from(CAMGATE_JWT_SECRET))
  let answer, body
  try {
    answer = await fetch(CAMGATE_URL + path, { method, headers: { Authorization: `Bearer ${token}` }, signal: AbortSignal.timeout(10_000) })
    body = await answer.json()
    if (body?.constructor !== Object) throw new Error('This is not camgate.')
  } catch {
    throw new Refusal(502, 'camgate does not answer.')
  }
  if (!answer.ok) throw new Refusal(answer.status === 401 ? 502 : answer.status, body.message) // 401: camgate has another secret
  return body
}

const whoMay = right => (request, response, next) => {
  const { user } = request.session
  if (!USERS.has(user)) throw new Refusal(401, 'Log in first.')
  if (!USERS.get(user).includes(right)) throw new Refusal(403, 'You may not do that. Ask whoever runs this site.')
  next()
}

/** Browsers send Origin with every POST, and no page can forge it (CSRF). */
function refuseOtherSites (request, response, next) {
  if (request.method === 'POST' && request.get('Origin') !== `${request.protocol}://${request.host}`) throw new Refusal(403, 'This request comes from another site.')
  next()
}

const isSame = (a, b) => timingSafeEqual(...[a, b].map(text => createHash('sha256').update(text).digest()))

const app = express()
app.use(express.static(join(import.meta.dirname, '../page')))
app.use(session({ secret: SESSION_SECRET, sameSite: 'lax', maxAge: 12 * 3_600_000 })) // once you have https, secure: true, too
app.use(refuseOtherSites, express.json())

// Who sees a link can open it, so only addresses that this code has chosen are signed.
app.get('/cameras', whoMay('look'), async ({ session: { user } }, response) => {
  const { cameras } = await askCamgate('GET', '/status', 'view')
  const [key, base] = [CAMGATE_LINK_KEY, CAMGATE_PUBLIC_URL]
  response.json({
    camgate: CAMGATE_PUBLIC_URL,
    link: camgateUrl(`/wall?cameras=${Object.keys(cameras)}`, user, { key, base }),
    mayControl: USERS.get(user).includes('control'),
    cameras: Object.entries(cameras).map(([id, { name, failure }]) => (
      { id, name, problem: failure?.message, image: camgateUrl(`/camera/${id}`, user, { key, seconds: 43_200, base }) }))
  })
})

app.post('/cameras/:camera/:verb', whoMay('control'), async ({ params: { camera, verb } }, response) => {
  if (!['start', 'stop'].includes(verb)) throw new Refusal(404, 'There is no such button.')
  response.json(await askCamgate('POST', `/${verb}/${encodeURIComponent(camera)}`, 'control'))
})

app.post('/login', (request, response) => {
  const { user, password } = request.body ?? {}
  if (!USERS.has(user) || !isSame(String(password), DEMO_PASSWORD)) throw new Refusal(401, 'Wrong name or password.')
  request.session.user = user
  response.json({})
})

app.post('/logout', (request, response) => {
  request.session = null
  response.json({})
})

app.use((error, request, response, next) => {
  if (!error.status) console.error(error)
  response.status(error.status ?? 500).json({ message: error.status ? error.message : 'Something is broken here.' })
})

app.listen(Number(PORT), '127.0.0.1')
