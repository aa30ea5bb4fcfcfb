/* eslint-disable no-template-curly-in-string -- users write ${…} in the file */
import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { parseRegistry } from '../../src/config/parse.js'
import { CameraFile, type CameraEntry } from '../../src/edit/camera-file.js'
import { mergePatch, withSecrets } from '../../src/edit/merge.js'
import { InvalidCamera, NotWritable } from '../../src/edit/refusals.js'
import { CamgateError } from '../../src/errors.js'
import type { PlainMap } from '../../src/yaml/edit/plain.js'

const text = `server:
  allowExec: true
cameras:
  # by the gate
  gate:
    source: rtsp://admin:hunter2@192.168.1.20/stream1   # main
    fps: 5
  yard: rtsp://192.168.1.21/h264?user=anna&password=geheim&channel=1
  barn:
    source: { type: http, url: 'http://192.168.1.22/video', token: tokentoken, allowPlainHttp: true }
    name: 7
  shed:
    source: rtsp://192.168.1.23/\${STREAM}
    username: \${USER1}
    password: \${file:shed.txt}
  run: { source: { type: exec, command: [show, --password, hunter3] } }
`

function fileOf (t: Test, content = text, parts: Partial<ConstructorParameters<typeof CameraFile>[0]> = {}) {
  const file = join(t.testdir({ 'cameras.yaml': content }), 'cameras.yaml')
  const reloads: string[] = []
  const cameraFile = new CameraFile({
    file,
    check: text => parseRegistry(text, { file, env: { STREAM: 'secretstream', USER1: 'sheduser' }, readFile: () => 'shedpassword' }),
    reload: async () => {
      reloads.push(readFileSync(file, 'utf8'))
      return { changes: ['changed'], restartNeeded: [] }
    },
    ...parts
  })
  const patch = (id: string, change: PlainMap) => cameraFile.change(id, current => mergePatch(current?.camera ?? {}, change) as PlainMap)
  const put = (id: string, camera: PlainMap) => cameraFile.change(id, current => withSecrets(current?.camera ?? {}, camera))
  return { cameraFile, file, reloads, now: () => readFileSync(file, 'utf8'), patch, put, remove: (id: string) => cameraFile.change(id, () => undefined) }
}
const faults = async (change: Promise<unknown>) => await change.then(() => [], (error: unknown) => error instanceof InvalidCamera ? error.faults : [String(error)])

t.test('the cameras of a file', async t => {
  t.test('are shown as written, without secrets', async t => {
    const { cameraFile } = fileOf(t)
    const cameras = await cameraFile.list()
    t.same(cameras.map(({ id, camera }) => ({ [id]: camera })), [
      { gate: { source: 'rtsp://192.168.1.20/stream1', fps: 5 } },
      { yard: { source: 'rtsp://192.168.1.21/h264?user=***&password=***&channel=1' } },
      { barn: { source: { type: 'http', url: 'http://192.168.1.22/video', token: { set: true }, allowPlainHttp: true }, name: '7' } },
      { shed: { source: 'rtsp://192.168.1.23/${STREAM}', username: '${USER1}', password: { set: true } } },
      { run: { source: { type: 'exec', command: { set: true } } } }
    ])
    t.notMatch(JSON.stringify(cameras), /hunter|geheim|tokentoken|secretstream|sheduser|shed.txt|shedpassword/)
  })
  t.test('hide no rendition that has the name of a secret', async t => {
    const [entry] = await fileOf(t, 'cameras:\n  gate: { source: rtsp://a/b, renditions: { token: { width: 320 } } }\n').cameraFile.list()
    t.same(entry!.camera.renditions, { token: { width: 320 } })
  })
  t.test('have a tag that changes with them, and that is no hash of the file', async t => {
    const etags = async (content: string) => (await fileOf(t, content).cameraFile.list()).map(({ etag }) => etag)
    t.not((await etags(text))[0], (await etags(text))[0])
    const { cameraFile, put } = fileOf(t)
    const before = await cameraFile.list()
    await put('gate', { source: 'rtsp://192.168.1.20/stream1', fps: 6 })
    const after = await cameraFile.list()
    t.same(before.map(({ etag }, index) => etag === after[index]!.etag), [false, true, true, true, true])
  })
  t.test('keep their secrets when these are not sent', async t => {
    const { cameraFile, now, put, reloads } = fileOf(t)
    for (const { id, camera } of await cameraFile.list()) await put(id, camera)
    t.equal(now(), text)
    await put('shed', { source: 'rtsp://192.168.1.23/${STREAM}', username: '${USER1}', fps: 3 })
    await put('barn', { source: { type: 'http', url: 'http://192.168.1.22/video', allowPlainHttp: true }, name: '7' })
    t.equal(now(), text.replace('{file:shed.txt}', '{file:shed.txt}\n    fps: 3'))
    t.equal(reloads.at(-1), now())
    await put('shed', { source: 'rtsp://192.168.1.23/${STREAM}', password: null })
    t.equal(now(), text.replace(/ {4}username.*\n {4}password.*\n/, ''))
  })
  t.test('keep the credentials of an address on the same host', async t => {
    const { now, patch } = fileOf(t)
    await patch('gate', { source: 'rtsp://192.168.1.20:554/stream2' })
    t.equal(now(), text.replace('192.168.1.20/stream1', '192.168.1.20:554/stream2'))
    await patch('gate', { source: 'rtsp://192.168.1.20/stream1', username: 'root', password: 'pass word' })
    t.equal(now(), text.replace('admin:hunter2@', '').replace('fps: 5\n', 'fps: 5\n    username: root\n    password: pass word\n'))
  })
  t.test('take text literally', async t => {
    const { now, patch } = fileOf(t)
    await patch('shed', { password: '${file:/etc/shadow}', name: 'a ${B}' })
    t.match(now(), /password: \$\$\{file:\/etc\/shadow\}\n {4}name: a \$\$\{B\}\n/)
    t.same(await faults(patch('shed', { source: 'rtsp://192.168.1.23/${HOME}' })), [{ pointer: '/source', message: 'a ${…} is filled in only where somebody wrote it into the file: change it there, or write the value itself' }])
    t.same((await faults(patch('yard', { source: 'rtsp://192.168.1.21/h265?user=***' })) as Array<{ pointer: string }>).map(({ pointer }) => pointer), ['/source'])
  })
  t.test('send no password to another host', async t => {
    const { now, patch } = fileOf(t)
    for (const [id, change] of Object.entries<PlainMap>({
      shed: { source: 'rtsp://10.0.0.66/x' }, barn: { source: { url: 'http://10.0.0.66/' } }, gate: { substream: 'rtsp://10.0.0.66/x' }
    })) {
      t.match(await faults(patch(id, change)), [{ pointer: '/password', message: /for another host/ }], id)
    }
    t.equal(now(), text)
    await patch('shed', { source: 'rtsp://10.0.0.66/x', password: 'new' })
    await patch('gate', { source: 'rtsp://10.0.0.66/y' })
    t.notMatch(now(), /hunter2|shed.txt/, 'the credentials in an address go with the address')
  })
  t.test('send no password to the ONVIF address of another host', async t => {
    const written = 'cameras:\n  gate:\n    source: rtsp://admin:${file:/run/secrets/gate}@192.168.1.20/a\n  yard:\n    source: rtsp://192.168.1.21/a\n    username: anna\n    password: geheim\n  env: ${URL}\n'
    const { now, patch } = fileOf(t, written, { check: text => parseRegistry(text, { file: 'cameras.yaml', env: { URL: 'rtsp://root:secret@192.168.1.22/a' }, readFile: () => 'gatepassword' }) })
    for (const id of ['gate', 'yard', 'env']) t.match(await faults(patch(id, { onvif: 'http://10.0.0.66' })), [{ pointer: '/password', message: /not sent to 10\.0\.0\.66/ }], id)
    t.equal(now(), written)
    await patch('yard', { onvif: 'http://192.168.1.21:8000' })
    t.match(await faults(patch('yard', { onvif: 'http://10.0.0.66', username: 'bob' })), [{ pointer: '/password' }])
    await patch('yard', { onvif: 'http://10.0.0.66', password: 'geheim' })
    t.match(now(), /10\.0\.0\.66/, 'whoever knows the password may send it, also the same one')
  })
  t.test('send a token only where it went before', async t => {
    const { patch } = fileOf(t)
    await patch('barn', { onvif: 'http://10.0.0.66' })
    t.match(await faults(patch('barn', { source: { url: 'http://10.0.0.66/' } })), [{ pointer: '/password', message: /not sent to 10\.0\.0\.66/ }])
    await patch('barn', { source: { url: 'http://10.0.0.66/', token: 'tokentoken' } })
  })
  t.test('send the password of defaults to no new host', async t => {
    const written = 'defaults: { username: all, password: forall }\ncameras:\n  gate: rtsp://192.168.1.20/a\n  yard: { source: rtsp://192.168.1.21/a, username: anna, password: geheim }\n'
    const { now, patch, put } = fileOf(t, written)
    const refused = (host: string) => [{ pointer: '/password', message: `give a username and a password: those of defaults are not sent to ${host}, where no camera of the file uses them` }]
    t.same(await faults(put('new', { source: 'rtsp://10.0.0.66/x' })), refused('10.0.0.66'))
    t.same(await faults(put('new', { source: 'rtsp://10.0.0.66/x', username: 'mine' })), refused('10.0.0.66'))
    t.same(await faults(patch('gate', { source: 'rtsp://10.0.0.66/x' })), refused('10.0.0.66'))
    t.same(await faults(patch('gate', { onvif: 'http://10.0.0.66' })), refused('10.0.0.66'))
    t.same(await faults(patch('yard', { username: null, password: null })), refused('192.168.1.21'), 'a host that knows another password does not get this one')
    t.equal(now(), written)
    await put('new', { source: 'rtsp://10.0.0.66/x', username: 'mine', password: 'mine' })
    t.same(await faults(patch('new', { username: null, password: null })), refused('10.0.0.66'), 'not in two steps either')
    await put('sub', { source: 'rtsp://192.168.1.20:8554/b' })
    await patch('gate', { fps: 3 })
  })
  t.test('do not tell whether a guess at the password is right', async t => {
    const { patch } = fileOf(t)
    for (const [id, guess] of [['gate', 'admin:hunter2'], ['gate', 'admin:hunter3'], ['shed', 'sheduser:shedpassword'], ['shed', 'sheduser:other']] as const) {
      const host = id === 'gate' ? '192.168.1.20' : '192.168.1.23'
      for (const change of [{ onvif: `http://${guess}@${host}` }, { substream: `rtsp://${guess}@${host}/sub` }, { substream: { type: 'rtsp', url: `rtsp://${guess}@${host}/sub` } }] as PlainMap[]) {
        t.match(await faults(patch(id, change)), [{ message: 'leave out the username and password: they are those of the source' }])
      }
    }
    await patch('gate', { source: 'rtsp://admin:other@192.168.1.20/stream1', substream: 'rtsp://admin:other@192.168.1.20/stream2' })
  })
  t.test('reach nothing on this machine unless the file says so', async t => {
    const { now, patch, put } = fileOf(t)
    for (const source of [{ type: 'exec', command: ['reboot'] }, { type: 'file', path: '/etc/passwd' }, { type: 'v4l2', device: '/dev/video0' }, { type: 'picamera' }] as PlainMap[]) {
      t.match(await faults(put('new', { source })), [{ pointer: '/source', message: /is written into the file itself/ }], String(source.type))
    }
    t.match(await faults(patch('run', { source: { command: ['reboot'] } })), [{ pointer: '/source' }])
    t.equal(now(), text)
    await patch('run', { fps: 2 })
    t.equal(now(), text.replace('hunter3] } }', 'hunter3] }, fps: 2 }'))
  })
  t.test('are added and removed', async t => {
    const { now, put, remove } = fileOf(t)
    t.match(await put('new', { source: 'rtsp://192.168.1.30/a' }), { entry: { id: 'new', camera: { source: 'rtsp://192.168.1.30/a' } }, changes: ['changed'] })
    t.equal(now(), text + '  new: rtsp://192.168.1.30/a\n')
    await put('new', { source: 'rtsp://192.168.1.30/a', name: 'New' })
    t.equal(now(), text + '  new:\n    source: rtsp://192.168.1.30/a\n    name: New\n')
    t.match(await remove('new'), { entry: undefined })
    t.equal(now(), text)
    t.same(await faults(fileOf(t, 'cameras:\n  only: rtsp://a/b\n').remove('only')), ['CamgateError: only is the last camera, and camgate needs one: add another first.'])
  })
  t.test('say what is wrong at each key, in the words of the file', async t => {
    const { now, patch, put, reloads } = fileOf(t)
    t.match(await faults(patch('gate', { fps: 99, rotate: 45, frames: 1, crop: { x: 1 }, renditions: { thumb: { width: 1 } } })), [
      { pointer: '/fps', message: 'expected a number above 0 and up to 60, received 99' },
      { pointer: '/rotate', message: 'expected 0, 90, 180 or 270, received 45' },
      { pointer: '/frames', message: /^unknown key "frames"; known are / },
      ...['y', 'width', 'height'].map(key => ({ pointer: `/crop/${key}`, message: new RegExp(`^${key} is missing; expected a whole number`) })),
      { pointer: '/renditions/thumb/width', message: 'expected a whole number from 16 to 7680, received 1' }
    ])
    t.match(await faults(put('new', { name: 'New' })), [{ pointer: '/source', message: /^source is missing; expected text like rtsp/ }])
    t.match(await faults(put('new', { source: 'rtsp:/192.168.1.30' })), [{ pointer: '/source', message: /did you mean rtsp:\/\/…\?/ }])
    t.match(await faults(put('a b', { source: 'rtsp://192.168.1.30/' })), [{ pointer: '', message: /^cameras: the id "a b" may hold letters/ }])
    t.equal(now(), text)
    t.same(reloads, [])
  })
  t.test('stay as they were if the change cannot be put in force', async t => {
    const { now, patch } = fileOf(t, text, { reload: async () => { throw new CamgateError('CONFIG', 'No.') } })
    await t.rejects(patch('gate', { fps: 6 }), { code: 'NOT_EDITABLE', message: 'The change was taken back, because it cannot be put in force: No.' })
    t.equal(now(), text)
  })
  t.test('are not written over what somebody saves at the same time', async t => {
    const { cameraFile, file, now } = fileOf(t)
    const saved = text.replace('fps: 5', 'fps: 9')
    await t.rejects(cameraFile.change('yard', current => {
      writeFileSync(file, saved)
      return { ...current!.camera, fps: 1 }
    }), { code: 'PRECONDITION_FAILED' })
    t.equal(now(), saved)
    const refusing = fileOf(t, text, {
      reload: async () => {
        writeFileSync(refusing.file, saved)
        throw new CamgateError('CONFIG', 'No.')
      }
    })
    await t.rejects(refusing.patch('yard', { fps: 1 }), { code: 'NOT_EDITABLE' })
    t.equal(refusing.now(), saved)
  })
  t.test('come with the text to write where the file cannot be written', async t => {
    const write = async () => { throw new CamgateError('NOT_WRITABLE', 'It is read-only.') }
    const { patch, remove } = fileOf(t, text, { write })
    const refused = await patch('shed', { fps: 6 }).then(() => undefined, (error: unknown) => error)
    t.ok(refused instanceof NotWritable)
    t.match(refused, { message: 'It is read-only.', yaml: 'cameras:\n  shed:\n    source: rtsp://192.168.1.23/${STREAM}\n    username: ${USER1}\n    fps: 6\n' })
    await t.rejects(remove('shed'), { code: 'NOT_WRITABLE' })
  })
  t.test('are not changed in a file that has faults', async t => {
    const { file, patch } = fileOf(t)
    writeFileSync(file, text + 'what: 1\n')
    await t.rejects(patch('gate', { fps: 6 }), { code: 'NOT_EDITABLE', message: /unknown key "what"/ })
    await t.rejects(fileOf(t, 'cameras:\n  a: &a { source: rtsp://a/b }\n  b: *a\n').patch('a', { fps: 1 }), { code: 'NOT_EDITABLE', message: /Change it in the file itself/ })
  })
  t.test('are not waited for where a pipe has taken the place of the file', async t => {
    const { cameraFile, file } = fileOf(t)
    rmSync(file)
    execFileSync('mkfifo', [file])
    await t.rejects(cameraFile.list(), { code: 'NOT_EDITABLE', message: /pipe or a device/ })
  })
  t.test('are changed one after the other', async t => {
    const { now, patch } = fileOf(t)
    await Promise.all([1, 2, 3].map(async fps => await patch(['gate', 'yard', 'barn'][fps - 1]!, { fps })))
    t.match(now(), /fps: 1\n[^]*fps: 2\n[^]*fps: 3\n/)
    const seen: Array<CameraEntry | undefined> = []
    const { cameraFile } = fileOf(t)
    await Promise.all([1, 2].map(async fps => await cameraFile.change('gate', current => {
      seen.push(current)
      return { ...current!.camera, fps }
    })))
    t.same(seen.map(current => current?.camera.fps), [5, 1])
  })
})
