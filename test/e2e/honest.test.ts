import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import t from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { startSimulator } from '../../src/simulator/simulator.js'
import { colourOf, decodeJpeg } from './picture.js'
import { startService } from './service.js'
import { until } from './until.js'

interface Part { readonly seq: number, readonly state: string | undefined, readonly jpeg: Buffer }

/** A viewer that splits parts by Content-Length, as programs do. */
async function view (url: URL) {
  const [response] = await once(get(url), 'response') as [IncomingMessage]
  const parts: Part[] = []
  let rest = Buffer.alloc(0)
  response.on('error', () => {}).on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk])
    for (;;) {
      const end = rest.indexOf('\r\n\r\n')
      const headers = rest.toString('latin1', 0, end)
      const length = Number(/Content-Length: (\d+)/.exec(headers)?.[1])
      if (end < 0 || rest.length < end + 4 + length) return
      parts.push({ seq: Number(/X-Sequence: (\d+)/.exec(headers)?.[1]), state: /X-Camera-State: (\w+)/.exec(headers)?.[1], jpeg: rest.subarray(end + 4, end + 4 + length) })
      rest = rest.subarray(end + 4 + length + 2)
    }
  })
  return { parts, get last () { return parts.at(-1) }, leave: () => response.destroy() }
}

t.test('the picture is honest', { timeout: 90_000 }, async t => {
  const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, cameras: [{ id: '1', name: 'Honest', width: 320, height: 176, fps: 10 }] })
  t.teardown(() => simulator.close())
  const folder = t.testdir({ 'cameras.yaml': `cameras: { 1: { source: '${simulator.url('1')}' }, never: { source: 'rtsp://127.0.0.1:1/', width: 480 } }` })
  const config = `${folder}/cameras.yaml`
  const service = await startService(t, { config })

  t.test('of a camera that goes away and comes back', async t => {
    const viewer = await view(new URL('camera/1', service.url))
    await until('it is live', () => viewer.parts.filter(({ state }) => state === undefined).length > 3)
    t.ok(colourOf(decodeJpeg(viewer.last!.jpeg)) > 60, 'in colour')
    await simulator.setFault('1', { kind: 'refuse' })
    await until('status frames keep coming', () => viewer.parts.filter(({ state }) => state === 'waiting').length > 2)
    const picture = decodeJpeg(viewer.last!.jpeg)
    t.match(picture, { width: 320, height: 176 }, 'at the same size')
    t.ok(colourOf(picture) < 20, 'greyed')
    const snapshot = await fetch(new URL('camera/1/snapshot', service.url))
    t.equal(snapshot.status, 503)
    t.equal(snapshot.headers.get('content-type'), 'image/jpeg')
    t.match(decodeJpeg(Buffer.from(await snapshot.arrayBuffer())), { width: 320, height: 176 })
    await simulator.setFault('1', null)
    await until('it is live again', () => viewer.last!.state === undefined, 40_000)
    t.ok(colourOf(decodeJpeg(viewer.last!.jpeg)) > 60)
    const numbers = viewer.parts.map(({ seq }) => seq)
    t.same(numbers, numbers.toSorted((a, b) => a - b).filter((seq, i, all) => seq !== all[i - 1]), 'its numbers rise')
    viewer.leave()
  })

  t.test('of a camera that never had a picture', async t => {
    const viewer = await view(new URL('camera/never', service.url))
    await until('a status frame comes', () => viewer.parts.length > 0)
    t.match(decodeJpeg(viewer.last!.jpeg), { width: 480, height: 270 })
    viewer.leave()
  })

  t.test('without ffmpeg too', async t => {
    const without = await startService(t, { config, env: { FFMPEG_PATH: '/nowhere/ffmpeg' } })
    const viewer = await view(new URL('camera/1', without.url))
    await until('a status frame comes', () => viewer.last?.state === 'waiting')
    t.match(decodeJpeg(viewer.last!.jpeg), { width: 640, height: 360 })
    t.match((await without.status()).cameras[1], { state: 'running', decoder: { failure: { code: 'no-ffmpeg' } } })
    viewer.leave()
  })
})
