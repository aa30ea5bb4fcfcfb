import { join } from 'node:path'
import t from 'tap'
import { loadRegistry, MAX_READ_BYTES } from '../../src/config/load.js'
import { digestOf, readContents } from '../../src/reload/contents.js'
import { readFirst } from '../../src/reload/first-reading.js'

t.test('a first reading notes what a later one finds, if nothing has changed', async t => {
  const folder = t.testdir({ 'cameras.yaml': 'cameras: { 1: { source: rtsp://127.0.0.1/1, username: me, password: "${file:pw}" } }\n', pw: 'hunter2\n' }) // eslint-disable-line no-template-curly-in-string
  const [file, secret] = [join(folder, 'cameras.yaml'), join(folder, 'pw')]
  const { registry, contents } = readFirst(file, {})
  t.same(registry, loadRegistry(file, {}))
  t.same([...contents.keys()], [file, secret])
  t.equal(digestOf(contents), digestOf(await readContents([secret, file], MAX_READ_BYTES)))
})
t.test('a first reading refuses what cannot be used', async t => {
  t.throws(() => readFirst(join(t.testdir({}), 'cameras.yaml'), {}), { code: 'CONFIG', message: /^There is no file/ })
})
