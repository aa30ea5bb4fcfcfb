import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { dispatch } from '../../src/commands/dispatch.js'
import { secret } from '../e2e/credentials.js'
import { cameraStatus } from '../status.js'
import { version } from '../../src/package.js'
import { freePort } from '../e2e/free-port.js'
import { captured } from './streams.js'

async function doctor (t: Test, yaml: string, args: string[], { json = false, env = {} }: { json?: boolean, env?: Record<string, string> } = {}) {
  const io = captured({ json, env: { ...process.env, ...env } })
  const file = join(t.testdir({ 'cameras.yaml': yaml }), 'cameras.yaml')
  const ended = await dispatch(['doctor', ...args, '--config', file, ...json ? ['--json'] : []], io)
  return { ...ended, printed: io.printed(), complained: io.complained() }
}

t.test('camgate doctor', async t => {
  t.test('finds a camera that is off, while no camgate runs', async t => {
    const yaml = `cameras:\n  gate:\n    source: rtsp://127.0.0.1:${await freePort()}/1\n  test:\n    source: { type: pattern }\n`
    const { code, printed } = await doctor(t, yaml, ['--port', String(await freePort())], { json: true })
    t.equal(code, 2)
    const { findings, cameras } = JSON.parse(printed)
    t.match(findings[0], { level: 'error', about: 'camera gate', code: 'refused' })
    t.ok(findings.some(({ code }: { code: string }) => code === 'not-running'))
    t.match(cameras, { gate: { failure: { code: 'refused' } }, test: null })
  })
  t.test('asks a camgate that runs, with a proof, and contacts no camera', async t => {
    const cameraPort = await freePort()
    const seen: Array<string | undefined> = []
    const server = createServer(({ headers, url }, response) => {
      seen.push(`${url} ${headers.authorization}`)
      response.end(JSON.stringify({ version, cameras: { gate: cameraStatus } }))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.teardown(() => server.close())
    const { port } = server.address() as AddressInfo
    const token = secret('token')
    const { code, printed } = await doctor(t, `cameras:\n  gate:\n    source: rtsp://127.0.0.1:${cameraPort}/1\n`, ['gate', '--port', String(port)], { env: { CAMGATE_TOKEN: token } })
    t.equal(code, 0)
    t.match(printed, /camera gate: camgate reads this camera.*Nothing is wrong/s)
    t.same(seen, [`/status Bearer ${token}`])
    t.notMatch(printed, token)
  })
  t.test('lists the faults of the configuration', async t => {
    const { code, printed } = await doctor(t, 'cameras:\n  gate:\n    sauce: rtsp://127.0.0.1/1\n', ['--port', String(await freePort())])
    t.equal(code, 2)
    t.match(printed, /^error +configuration: .*:3:5: .*sauce/m)
  })
  t.test('takes a variable that only this terminal lacks for no fault', async t => {
    let error: object | null = null
    const server = createServer((_request, response) => {
      response.end(JSON.stringify({ version, cameras: { gate: cameraStatus }, config: { error, restartNeeded: [] } }))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.teardown(() => server.close())
    const { port } = server.address() as AddressInfo
    const yaml = 'cameras:\n  gate:\n    source: rtsp://127.0.0.1/1\n    username: anna\n    password: ${CAMGATE_TEST_NOT_SET}\n' // eslint-disable-line no-template-curly-in-string -- as in the file
    t.match(await doctor(t, yaml, ['gate', '--port', String(port)]), { code: 0, printed: /Nothing is wrong/ })
    error = { line: 5, column: 15, message: 'the environment variable CAMGATE_TEST_NOT_SET is not set' }
    t.match(await doctor(t, yaml, ['gate', '--port', String(port)]), { code: 2, printed: /^error +configuration: .*CAMGATE_TEST_NOT_SET is not set here\n.*→ Set it in the environment that camgate is started in\./m })
  })
  t.test('does not know every camera', async t => {
    t.match(await doctor(t, 'cameras:\n  gate:\n    source: rtsp://127.0.0.1/1\n', ['gaet', '--port', String(await freePort())]), { code: 64, complained: /The cameras are: gate/ })
  })
})
