import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Value } from 'typebox/value'
import { headersOf, messageAbout } from '../../src/notify/message.js'
import { packageRoot } from '../../src/package.js'
import { CameraStateSchema, cameraStateOf } from '../../src/stream/status.js'
import { cameraStatus } from '../status.js'

const state = cameraStateOf(cameraStatus)
const camera = { id: 'yard', ...state }

t.test('a message', async t => {
  t.test('has a type, a time and cameras as /events has them', async t => {
    const { id, body } = messageAbout('down', [camera], Date.UTC(2026, 0, 1))
    t.match(id, /^msg_[\w-]{24}$/)
    t.same(JSON.parse(body), { type: 'camera.down', timestamp: '2026-01-01T00:00:00.000Z', data: { cameras: [camera] } })
    t.not(messageAbout('down', [camera], 0).id, id)
    t.same(JSON.parse(messageAbout('test', [], 0).body), { type: 'test', timestamp: '1970-01-01T00:00:00.000Z', data: { cameras: [] } })
  })
  t.test('has the fields of the one in the docs', async t => {
    const [, shown = ''] = /```json\n(.*?)```/s.exec(readFileSync(join(packageRoot, 'docs/notifications.md'), 'utf8')) ?? []
    const [example, made] = [JSON.parse(shown), JSON.parse(messageAbout('down', [camera], 0).body)]
    for (const of of [(message: object) => message, ({ data }: { data: object }) => data, ({ data }: { data: { cameras: object[] } }) => data.cameras[0]!]) t.same(Object.keys(of(example)), Object.keys(of(made)))
    t.ok(Value.Check(CameraStateSchema, example.data.cameras[0]))
  })
  t.test('carries every name as it is, and none in a header', async t => {
    const name = 'Yard\r\nX-Evil: 1\u0000 \ud800 😀 "\\'
    const message = messageAbout('down', [{ ...camera, name }], 0)
    t.match(message.body, /^[^\r\n\0]*$/)
    t.equal(JSON.parse(message.body).data.cameras[0].name, name)
    t.match(Object.values(headersOf(message, Buffer.alloc(24).toString('base64'), 0)).join(' '), /^[\w+/=, -]+$/)
  })
})

t.test('the headers', async t => {
  t.test("sign as Standard Webhooks' own test vector", async t => {
    t.same(headersOf({ id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', body: '{"test": 2432232314}' }, 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 1_614_265_330_999), {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek', 'webhook-timestamp': '1614265330', 'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    })
  })
  t.test('have no signature without a key', async t => {
    t.same(Object.keys(headersOf({ id: 'msg_1', body: '{}' }, undefined, 0)), ['webhook-id', 'webhook-timestamp'])
  })
})
