import t, { type Test } from 'tap'
import { openTo } from '../../../../src/door/ways-in.js'
import { serialize } from '../../../../src/rtsp/serialize.js'
import { secret } from '../../../e2e/credentials.js'
import { turn } from '../../../fake-launch.js'
import { scripted } from '../../../rtsp-client/camera.js'
import { build } from '../../build.js'

const kept = { username: 'admin', password: secret('kept') }

/** A camera that refuses every password, and a camgate that has it as `gate`, with a password. `logins` are those that it was sent. */
async function serve (t: Test) {
  const logins: string[] = []
  const camera = await scripted(t, ({ headers }, socket) => {
    const login = headers.get('authorization')?.[0]
    if (login !== undefined) logins.push(Buffer.from(login.replace('Basic ', ''), 'base64').toString())
    socket.write(serialize({ status: 401, headers: { CSeq: headers.get('cseq')![0]!, 'WWW-Authenticate': 'Basic realm="camera"' } }))
  })
  const { app, played, fleet } = await build(t, [{ id: 'gate', source: { type: 'rtsp', url: camera.url }, credentials: kept }])
  const ask = async (payload: object) => {
    const answer = await app.inject({ method: 'POST', url: '/config/probe', payload: JSON.stringify(payload) })
    return { status: answer.statusCode, body: answer.json(), text: answer.body }
  }
  return { ...camera, app, logins, played, fleet, ask }
}

t.test('POST /config/probe', async t => {
  t.test('looks at a camera with the password that was sent, once, and does not answer it', async t => {
    const { url, logins, ask } = await serve(t)
    const { status, body, text } = await ask({ source: url, username: 'me', password: secret('typed') })
    t.match({ status, body }, { status: 200, body: { failure: { code: 'auth' }, login: 'refused', video: null } })
    t.same(logins, [`me:${secret('typed')}`])
    t.notMatch(text, secret('typed'))
  })
  t.test('takes an address with a password, and a map', async t => {
    const { url, logins, ask } = await serve(t)
    t.match((await ask({ source: url.replace('//', `//you:${secret('within')}@`) })).body, { login: 'refused' })
    t.match((await ask({ source: { type: 'rtsp', url } })).body, { login: 'missing' })
    t.same(logins, [`you:${secret('within')}`])
  })
  t.test('takes text as it is', async t => {
    const { url, logins, ask } = await serve(t)
    await ask({ source: url, username: '${USER}', password: '${file:/etc/hostname}' }) // eslint-disable-line no-template-curly-in-string -- what is not filled in
    t.same(logins, ['${USER}:${file:/etc/hostname}']) // eslint-disable-line no-template-curly-in-string
  })
  t.test('sends the password of a camera only to that camera', async t => {
    const { url, logins, ask } = await serve(t)
    const other = await serve(t)
    await ask({ source: other.url, id: 'gate' })
    await ask({ source: url.replace('127.0.0.1', 'localhost'), id: 'gate' })
    await ask({ source: url, id: 'none' })
    t.same([...logins, ...other.logins], [])
    t.match((await ask({ source: `${url}/other`, id: 'gate' })).body, { login: 'refused' })
    t.same(logins, [`${kept.username}:${kept.password}`])
  })
  t.test('does not send a kept password itself to whoever is there in place of a camera that asked for Digest', async t => {
    const { url, logins, ask, fleet } = await serve(t)
    fleet.get('gate').memory.auth.digest = true
    t.match((await ask({ source: url, id: 'gate' })).body, { failure: { message: /Digest/ } })
    t.same(logins, [])
  })
  t.test('does not send a password again that was refused', async t => {
    const { url, logins, ask, fleet, played } = await serve(t)
    fleet.start()
    await turn()
    played.attempts.at(-1)!.onExit({ code: 'auth', locks: true, message: 'No.' })
    t.match(await ask({ source: url, id: 'gate' }), { status: 400, body: { message: /send another/ } })
    t.match((await ask({ source: url, id: 'gate', username: 'me', password: secret('new') })).body, { login: 'refused' })
    t.same(logins, [`me:${secret('new')}`])
  })
  t.test('looks at nothing but cameras on the network', async t => {
    const { ask, asked } = await serve(t)
    for (const source of [
      'file:///etc/passwd', '/dev/video0', 'ftp://127.0.0.1/', 5, null, {}, { type: 'file', path: '/etc/passwd' }, { type: 'v4l2' }, { type: 'exec', command: ['id'] }, { type: 'pattern' }, { type: 'simulated' }
    ]) t.match(await ask({ source }), { status: 400, body: { code: 'BAD_REQUEST', message: /^source: / } }, JSON.stringify(source))
    t.equal((await ask({ username: 'me' })).status, 400)
    t.equal(asked.length, 0)
  })
  t.test('is for administrators', async t => {
    const { app } = await build(t, undefined, { waysIn: openTo('control') })
    t.match((await app.inject({ method: 'POST', url: '/config/probe', payload: '{"source":"rtsp://127.0.0.1:1/"}' })).json(), { statusCode: 403, code: 'FORBIDDEN' })
  })
})
