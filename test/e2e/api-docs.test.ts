import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { defaultCacheDir } from '../../src/clips/clip-cache.js'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { startSimulator } from '../../src/simulator/simulator.js'
import { noBrowser, openBrowser } from './browser.js'
import { startService } from './service.js'

const PROGRAM = join(defaultCacheDir(), 'schemathesis/bin/schemathesis')
/** Streams answer until the client leaves, and a snapshot of a camera that it has stopped is a 503, which it would call a defect. */
const LEFT_OUT = '^/(camera/|video_feed|events|wall)'
const MAX_RUN_S = 25

t.test('answers all that schemathesis thinks of as its own description says', {
  timeout: 120_000, skip: !existsSync(PROGRAM) && 'NOT TESTED: there is no schemathesis; test/setup.mjs installs it with pip'
}, async t => {
  const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, cameras: [{ id: '1', name: 'Yard', codec: 'mjpeg', width: 320, height: 176 }] })
  t.teardown(() => simulator.close())
  const yaml = `cameras: { 0: { source: "${simulator.url('1')}" }, off: { source: rtsp://127.0.0.1:9/live, enabled: false } }` // it likes to ask for 0
  const service = await startService(t, { config: join(t.testdir({ 'cameras.yaml': yaml }), 'cameras.yaml') })
  const child = spawn(PROGRAM, [
    'run', new URL('openapi.json', service.url).href, '--exclude-path-regex', LEFT_OUT, '--phases', 'coverage,fuzzing', '--seed', '1', '--max-examples', '10', '--max-time', String(MAX_RUN_S),
    '--workers', '2', '--request-timeout', '15', '--warnings', 'off', '--no-color',
    '--checks', 'not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance'
  ], { cwd: t.testdirName, env: { PATH: process.env.PATH, HOME: t.testdirName }, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const output of [child.stdout, child.stderr]) output.on('data', chunk => { said += chunk })
  t.teardown(() => child.kill('SIGKILL'))
  const [code] = await once(child, 'close')
  t.equal(code, 0, said)
  const [, generated] = /(\d+) generated/.exec(said) ?? []
  t.ok(Number(generated) > 100, `${generated} requests`)
  t.comment(/Test cases:\n.*/.exec(said)?.[0])
  t.same(service.log.filter(({ level }) => level > 40), [], 'no defect is logged')
})

t.test('is described by a page at /docs that asks no other server', { skip: noBrowser }, async t => {
  const service = await startService(t, { config: join(t.testdir({ 'cameras.yaml': 'cameras: { off: { source: rtsp://127.0.0.1:9/live, enabled: false } }' }), 'cameras.yaml') })
  const browser = await openBrowser()
  t.teardown(() => browser.close())
  const page = await browser.newPage()
  const asked: string[] = []
  page.on('request', request => { asked.push(request.url()) })
  for (const path of ['docs', 'docs/']) {
    await page.goto(new URL(path, service.url).href)
    await page.getByText('The camera as MJPEG, for an <img> tag').waitFor()
  }
  t.same(asked.filter(url => !url.startsWith(service.url) && !url.startsWith('data:')), [])
})
