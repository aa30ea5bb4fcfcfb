import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Principal } from '../../../../src/access/principal.js'
import { parseRegistry } from '../../../../src/config/parse.js'
import { CameraFile } from '../../../../src/edit/camera-file.js'
import { NotWritable } from '../../../../src/edit/refusals.js'
import { build, type BuildParts } from '../../build.js'

const text = 'cameras:\n  1: rtsp://root:hunter2@192.168.1.20/a\n  lab:\n    source: rtsp://192.168.1.21/b\n    fps: 5 # enough\n'

async function serve (t: Test, parts: BuildParts = {}, write?: (file: string, text: string) => Promise<void>) {
  const file = join(t.testdir({ 'cameras.yaml': text }), 'cameras.yaml')
  const check = (text: string) => parseRegistry(text, { file, env: {}, readFile: () => '' })
  const cameraFile = new CameraFile({ file, check, reload: async () => ({ changes: ['camera changed'], restartNeeded: [] }), ...write && { write } })
  const { app } = await build(t, undefined, { cameraFile, ...parts })
  const send = async (method: 'GET' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const answer = await app.inject({ method, url: `/config/${path}`, headers, ...body !== undefined && { payload: typeof body === 'string' ? body : JSON.stringify(body) } })
    return { status: answer.statusCode, etag: String(answer.headers.etag), body: answer.json(), text: answer.body }
  }
  return { app, send, now: () => readFileSync(file, 'utf8') }
}

t.test('GET', async t => {
  const { send } = await serve(t)
  t.test('/config/cameras answers all cameras in the order of the file, without secrets', async t => {
    const { status, body, text } = await send('GET', 'cameras')
    t.equal(status, 200)
    t.match(body.cameras, [{ id: '1', camera: { source: 'rtsp://192.168.1.20/a' } }, { id: 'lab', camera: { source: 'rtsp://192.168.1.21/b', fps: 5 } }])
    t.notMatch(text, /hunter2|root/)
  })
  t.test('/config/cameras/:id answers one, with its tag', async t => {
    const { body, etag } = await send('GET', 'cameras/lab')
    t.match(body, { id: 'lab', camera: { fps: 5 } })
    t.equal(etag, `"${body.etag}"`)
    t.match(await send('GET', 'cameras/none'), { status: 404, body: { code: 'CAMERA_NOT_FOUND', message: /1, lab/ } })
  })
  t.test('/config/schema answers what the keys mean', async t => {
    t.match((await send('GET', 'schema')).body, { properties: { fps: { maximum: 60, default: 20, description: /Pictures per second/ } }, required: ['source'] })
  })
})

t.test('a change', async t => {
  const { send, now } = await serve(t)
  const tagOf = async (id: string) => ({ 'if-match': (await send('GET', `cameras/${id}`)).etag })

  t.test('needs the tag of what it changes', async t => {
    for (const method of ['PUT', 'PATCH', 'DELETE'] as const) {
      t.match(await send(method, 'cameras/lab', { source: 'rtsp://a/b' }), { status: 428, body: { code: 'PRECONDITION_REQUIRED' } }, method)
      t.match(await send(method, 'cameras/lab', { source: 'rtsp://a/b' }, { 'if-match': '"old"' }), { status: 412, body: { code: 'PRECONDITION_FAILED' } }, method)
    }
    t.match(await send('PUT', 'cameras/lab', { source: 'rtsp://a/b' }, { 'if-none-match': '*' }), { status: 412 })
    t.match(await send('PUT', 'cameras/new', { source: 'rtsp://a/b' }, { 'if-match': '*' }), { status: 412 })
    t.equal(now(), text)
  })
  t.test('patches some keys', async t => {
    const tag = await tagOf('lab')
    const { status, body, etag } = await send('PATCH', 'cameras/lab', { fps: 6, name: 'Lab' }, tag)
    t.match({ status, body }, { status: 200, body: { id: 'lab', camera: { source: 'rtsp://192.168.1.21/b', fps: 6, name: 'Lab' }, changes: ['camera changed'], restartNeeded: [] } })
    t.equal(now(), text.replace('fps: 5 # enough', 'fps: 6 # enough\n    name: Lab'))
    t.match(await send('PATCH', 'cameras/lab', { fps: 7 }, tag), { status: 412 }, 'the tag of the time before')
    t.match(await send('PATCH', 'cameras/lab', { fps: 5, name: null }, { 'if-match': `"other", ${etag}` }), { status: 200, body: { camera: { fps: 5 } } })
    t.equal(now(), text)
    t.match(await send('PATCH', 'cameras/none', {}, { 'if-match': '*' }), { status: 404 })
  })
  t.test('adds, replaces and removes a camera', async t => {
    t.match(await send('PUT', 'cameras/new', { source: 'rtsp://192.168.1.22/c' }, { 'if-none-match': '*' }), { status: 201, body: { id: 'new', camera: { source: 'rtsp://192.168.1.22/c' } } })
    t.match(await send('PUT', 'cameras/new', { source: 'rtsp://192.168.1.22/d', flip: 'both' }, await tagOf('new')), { status: 200, body: { camera: { flip: 'both' } } })
    t.equal(now(), `${text}  new:\n    source: rtsp://192.168.1.22/d\n    flip: both\n`)
    t.match(await send('DELETE', 'cameras/new', undefined, await tagOf('new')), { status: 200, body: { id: 'new', changes: ['camera changed'] } })
    t.equal(now(), text)
    t.match(await send('DELETE', 'cameras/new', undefined, { 'if-match': '*' }), { status: 404 })
  })
  t.test('that is invalid changes nothing, and says what is wrong', async t => {
    t.match(await send('PATCH', 'cameras/lab', { fps: 0 }, await tagOf('lab')), {
      status: 422, body: { code: 'INVALID_CAMERA', message: 'The camera lab was not changed: fps: expected a number above 0 and up to 60, received 0.', diagnostics: [{ pointer: '/fps', message: /^expected/ }] }
    })
    for (const body of ['', 'fps=5', '[]', '7', '"rtsp://a/b"', '{"a":'.repeat(9_000), `${'{"a":'.repeat(12)}1${'}'.repeat(12)}`]) {
      t.match(await send('PUT', 'cameras/lab', body, await tagOf('lab')), { status: 400, body: { code: /^(BAD_REQUEST|FST_ERR_VALIDATION)$/ } }, body.slice(0, 20))
    }
    t.match(await send('PUT', 'cameras/lab', ' '.repeat(70_000), await tagOf('lab')), { status: 413 })
    t.match(await send('PUT', 'cameras/__proto__', '{"source": "rtsp://a/b", "__proto__": {"fps": 1}}'), { status: 422 })
    t.equal(now(), text)
  })
  t.test('of a file that cannot be written is answered with what to write there', async t => {
    const write = async () => { throw new NotWritable('It is mounted read-only.') }
    const { send } = await serve(t, {}, write)
    const tag = { 'if-match': (await send('GET', 'cameras/1')).etag }
    t.match(await send('PATCH', 'cameras/1', { name: 'Yard' }, tag), {
      status: 409, body: { code: 'NOT_WRITABLE', message: 'It is mounted read-only.', yaml: 'cameras:\n  1:\n    source: rtsp://192.168.1.20/a\n    name: Yard\n' }
    })
  })
  t.test('of a page of another site is refused', async t => {
    t.match(await send('PATCH', 'cameras/lab', { fps: 6 }, { ...await tagOf('lab'), origin: 'https://evil.example.org', 'sec-fetch-site': 'cross-site' }), { status: 403, body: { code: 'CROSS_SITE' } })
    t.equal(now(), text)
  })
})

t.test('the configuration is for administrators, each for their cameras', async t => {
  const principal = (right: Principal['right'], cameras: Principal['cameras'] = 'all'): Principal => ({ kind: 'user', name: right, right, cameras, issuedAt: Date.now() })
  const who: Record<string, Principal> = { operator: principal('control'), admin: principal('admin'), some: principal('admin', new Set(['lab', 'new'])) }
  const { send, now } = await serve(t, { waysIn: { identify: [({ headers }) => who[String(headers['x-who'])]], challenge () {} } })
  const by = (name: string) => ({ 'x-who': name, 'if-match': '*' })
  for (const path of ['cameras', 'cameras/lab', 'schema']) {
    t.match(await send('GET', path), { status: 401 }, path)
    t.match(await send('GET', path, undefined, by('operator')), { status: 403 }, path)
    t.match(await send('GET', path, undefined, by('admin')), { status: 200 }, path)
  }
  t.match(await send('PATCH', 'cameras/lab', { fps: 6 }, by('operator')), { status: 403 })
  t.same((await send('GET', 'cameras', undefined, by('some'))).body.cameras.map(({ id }: { id: string }) => id), ['lab'])
  for (const method of ['GET', 'PUT', 'PATCH', 'DELETE'] as const) t.match(await send(method, 'cameras/1', { source: 'rtsp://a/b' }, by('some')), { status: 404 }, method)
  t.match(await send('PUT', 'cameras/other', { source: 'rtsp://a/b' }, { 'x-who': 'some' }), { status: 404 })
  t.match(await send('PUT', 'cameras/new', { source: 'rtsp://a/b' }, { 'x-who': 'some' }), { status: 201 })
  t.match(now(), /new: rtsp:\/\/a\/b/)
})
