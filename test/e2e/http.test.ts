import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { startSimulator } from '../../src/simulator/simulator.js'
import { makeJpegs } from '../jpegs.js'
import { small } from '../simulator/small.js'
import { secret } from './credentials.js'
import { freePort, listens } from './free-port.js'
import { readersOf } from './processes.js'
import { startService, type ServiceStatus } from './service.js'
import { until } from './until.js'
import { view } from './viewer.js'

const noMotion = spawnSync('motion', ['-h'], { stdio: 'ignore' }).error !== undefined && 'NOT TESTED: there is no Motion. Install it: apt-get install motion'
const credentials = { username: secret('viewer'), password: secret('pass/word') }

/** Starts a program that ends with the test. */
function run (t: Test, program: string, args: readonly string[]): void {
  const child = spawn(program, args, { stdio: 'ignore' })
  const gone = once(child, 'exit')
  t.teardown(async () => {
    child.kill('SIGKILL')
    await gone
  })
}

/** A service with these cameras, from a file in `folder`. */
async function serviceOf (t: Test, folder: string, cameras: Record<string, object>) {
  const config = join(folder, `${Object.keys(cameras).length}.yaml`)
  writeFileSync(config, JSON.stringify({ defaults: { fps: 60, decode: 'always' }, cameras }))
  return await startService(t, { config })
}

t.test('pictures over HTTP', { timeout: 120_000 }, async t => {
  t.test("of ffmpeg's own server and of Python's", async t => {
    const [streaming, wrong, files] = [await freePort(), await freePort(), await freePort()]
    const serve = (port: number, ...more: string[]) => run(t, findFfmpeg()!, [
      '-loglevel', 'error', '-re', '-f', 'lavfi', '-i', 'testsrc2=size=320x240:rate=10', '-f', 'mpjpeg', '-listen', '1', ...more, `http://127.0.0.1:${port}/cam`
    ])
    serve(streaming, '-content_type', 'multipart/x-mixed-replace;boundary=ffmpeg')
    serve(wrong)
    const folder = t.testdir({ 'index.html': '<p>a login page</p>' })
    const [first, second] = makeJpegs(2, '160x120') as [Buffer, Buffer]
    const put = (jpeg: Buffer) => {
      writeFileSync(join(folder, 'next.jpg'), jpeg)
      renameSync(join(folder, 'next.jpg'), join(folder, 'snap.jpg'))
    }
    put(first)
    run(t, '/usr/bin/python3', ['-m', 'http.server', String(files), '--bind', '127.0.0.1', '--directory', folder])
    await listens(files)
    const at = (path: string) => `http://127.0.0.1:${files}/${path}`
    const service = await serviceOf(t, folder, {
      stream: { source: `http://127.0.0.1:${streaming}/cam` },
      untold: { source: `http://127.0.0.1:${wrong}/cam` },
      snap: { source: at('snap.jpg'), fps: 10 },
      smaller: { source: { type: 'http-jpeg', url: at('snap.jpg') }, fps: 10, width: 80 },
      page: { source: at('index.html') },
      missing: { source: at('nothing.jpg') },
      endless: { source: { type: 'http-mjpeg', url: at('snap.jpg') } }
    })
    const { cameras } = await service.until(({ cameras }) => ['stream', 'snap', 'smaller'].every(id => cameras[id]!.framesTotal > 0) &&
      ['untold', 'page', 'missing', 'endless'].every(id => cameras[id]!.failure), 'all are in their final states')
    const input = { ingest: 'direct', transport: 'http', codec: 'mjpeg', packetsLost: null, jitterMs: null }
    t.match(cameras.stream, { width: 320, height: 240, input: { ...input, copied: true, width: 320, height: 240 } })
    t.match(cameras.snap, { width: 160, height: 120, input: { ...input, copied: true } })
    t.match(cameras.smaller, { width: 80, height: 60, input: { ...input, copied: false, width: 160 } })
    const line = service.log.find(({ camera, to }) => camera === 'untold' && to === 'waiting') // it serves one client and ends
    t.match(line, { why: 'unsupported', msg: /does not say what it sends; write type: http-mjpeg/ })
    t.match(cameras.page!.failure, { code: 'unsupported', message: /a page \(text\/html\), not with a picture; is the path right\?/ })
    t.match(cameras.missing!.failure, { code: 'not-found', message: /no picture at \/nothing\.jpg/ })
    t.match(cameras.endless!.failure, { code: 'unsupported', message: /a single picture; write type: http-jpeg/ })
    t.equal(readersOf(service.pid).length, 1, 'one ffmpeg, for the other size')
    const snapshot = async () => Buffer.from(await (await fetch(new URL('camera/snap/snapshot', service.url))).arrayBuffer())
    t.same(await snapshot(), first, 'byte for byte')
    await new Promise(resolve => { setTimeout(resolve, 2_100) }) // the next picture's Last-Modified, in whole seconds, then differs
    const { framesTotal } = (await service.status()).cameras.snap!
    await new Promise(resolve => { setTimeout(resolve, 500) })
    t.match((await service.status()).cameras.snap, { framesTotal, state: 'running' }, 'a picture that stays the same is not sent again')
    put(second)
    await service.until(({ cameras }) => cameras.snap!.framesTotal > framesTotal, 'the next one is')
    t.same(await snapshot(), second)
    await service.until(({ cameras }) => cameras.stream!.fps > 8 && cameras.stream!.fps < 12, 'the whole stream arrives')
  })

  t.test('of another camgate: its pictures, and never its status frames', async t => {
    const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, cameras: [{ ...small, id: '1' }] })
    t.teardown(() => simulator.close())
    const folder = t.testdir({ none: {} })
    const far = await serviceOf(t, folder, { 1: { source: simulator.url('1') } })
    const near = await serviceOf(t, folder, { stream: { source: `${far.url}camera/1` }, snap: { source: `${far.url}camera/1/snapshot`, fps: 5 } })
    const ids = ['stream', 'snap']
    await near.until(({ cameras }) => ids.every(id => cameras[id]!.state === 'running'), 'both run')
    const viewer = view(t, new URL('camera/stream', near.url))
    await until('it shows pictures', () => viewer.live.length > 5)
    t.match((await near.status()).cameras.stream!.input, { transport: 'http', copied: true, width: 320 })
    await fetch(new URL('stop/1', far.url), { method: 'POST' })
    const { cameras } = await near.until(({ cameras }) => ids.every(id => cameras[id]!.failure), 'both have failed')
    for (const id of ids) t.match(cameras[id], { state: 'waiting', failure: { code: 'stalled', message: /has stopped this camera\. Start it there/ } })
    await until('its viewer sees a status frame', () => viewer.last?.state === 'waiting')
    await fetch(new URL('start/1', far.url), { method: 'POST' })
    await near.until(({ cameras }) => ids.every(id => cameras[id]!.state === 'running' && cameras[id]!.failure === null), 'both are back', 40_000)
    t.same(viewer.faults, [])
  })

  t.test('of Motion, which asks for a password by Basic and by Digest', { skip: noMotion }, async t => {
    const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, cameras: [{ ...small, id: '1' }] })
    t.teardown(() => simulator.close())
    const folder = t.testdir({ none: {} })
    const cameras: Record<string, object> = {}
    for (const [scheme, method] of [['basic', 1], ['digest', 2]] as const) {
      const port = await freePort()
      const conf = join(folder, `${scheme}.conf`)
      writeFileSync(conf, [
        `netcam_url ${simulator.url('1')}`, 'width 320', 'height 240', 'framerate 10', `stream_port ${port}`, 'stream_localhost on', 'stream_maxrate 10',
        `stream_auth_method ${method}`, `stream_authentication ${credentials.username}:${credentials.password}`,
        'webcontrol_port 0', 'picture_output off', 'movie_output off'
      ].join('\n'))
      run(t, 'motion', ['-n', '-c', conf])
      await listens(port)
      const camera = { source: `http://127.0.0.1:${port}/`, ...credentials, enabled: false }
      cameras[scheme] = camera
      cameras[`${scheme}-wrong`] = { ...camera, password: secret('wrong') }
      cameras[`${scheme}-still`] = { ...camera, source: `http://127.0.0.1:${port}/current`, fps: 5 }
    }
    const service = await serviceOf(t, folder, cameras)
    const ids = Object.keys(cameras)
    const isThere = (id: string, { cameras }: ServiceStatus) => id.endsWith('wrong') ? cameras[id]!.failure?.code === 'auth' : cameras[id]!.framesTotal > 3
    for (const id of ids) { // one after the other: Motion remembers one nonce, and refuses whoever got it before another asked
      await fetch(new URL(`start/${id}`, service.url), { method: 'POST' })
      await service.until(status => isThere(id, status), `${id} shows pictures, or is refused`, 60_000) // it hangs up until its camera is there
    }
    const status = await service.status()
    for (const id of ids) {
      t.match(status.cameras[id], id.endsWith('wrong') ? { failure: { code: 'auth' }, framesTotal: 0 } : { input: { transport: 'http', copied: true } }, id)
    }
  })
})
