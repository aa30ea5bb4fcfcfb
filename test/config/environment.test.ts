import t from 'tap'
import { withEnvironment } from '../../src/config/environment.js'
import { parse } from './fixtures/read.js'

const server = (keys = '') => parse(`server: { ${keys} }\ncameras: { 1: rtsp://cam }`).server
const LOGIN = 'auth: { links: { keys: { k1: correct-horse-battery-staple-0815 } } }'

t.test('CAMGATE_AUTH', async t => {
  t.test('none lets everybody in', async t => {
    t.equal(withEnvironment(server(), { CAMGATE_AUTH: 'none' }).auth, 'none')
    t.equal(withEnvironment(server('auth: none'), { CAMGATE_AUTH: 'none' }).auth, 'none')
  })
  t.test('changes nothing if it is missing or empty', async t => {
    for (const env of [{}, { CAMGATE_AUTH: '' }]) {
      t.same(withEnvironment(server(), env), server())
      t.same(withEnvironment(server(LOGIN), env), server(LOGIN))
      t.equal(withEnvironment(server('auth: none'), env).auth, 'none')
    }
  })
  t.test('never opens a door that cameras.yaml closes', async t => {
    t.throws(() => withEnvironment(server(LOGIN), { CAMGATE_AUTH: 'none' }), { code: 'CONFIG', message: /CAMGATE_AUTH=none lets everybody in, but cameras\.yaml has server: auth:/ })
  })
  t.test('is nothing else, and its value is not shown', async t => {
    for (const value of ['None', 'off', 'anna:hunter2', ' none']) t.throws(() => withEnvironment(server(), { CAMGATE_AUTH: value }), { code: 'CONFIG', message: 'CAMGATE_AUTH may only be none, which lets everybody in; users are written in cameras.yaml, below server: auth:.' }, value)
  })
})

t.test('CAMGATE_ORIGINS', async t => {
  t.test('adds to those of the file, each once', async t => {
    t.same(withEnvironment(server('origins: [https://a.org]'), { CAMGATE_ORIGINS: 'http://localhost:8000, https://A.org:443,' }).origins, ['https://a.org', 'http://localhost:8000'])
    t.same(withEnvironment(server('origins: [https://a.org]'), { CAMGATE_ORIGINS: '' }).origins, ['https://a.org'])
  })
  t.test('holds origins', async t => {
    t.throws(() => withEnvironment(server(), { CAMGATE_ORIGINS: 'https://a.org,http://localhost:8000/' }), {
      code: 'CONFIG', message: 'CAMGATE_ORIGINS holds origins such as https://app.example.org, with commas between them, and not "http://localhost:8000/"; an origin ends after the host and its port: write http://localhost:8000.'
    })
    t.throws(() => withEnvironment(server(), { CAMGATE_ORIGINS: '*' }), { code: 'CONFIG' })
  })
})
