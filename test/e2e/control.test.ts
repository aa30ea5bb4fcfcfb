import { readdirSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { once } from 'node:events'
import t from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { startSimulator } from '../../src/simulator/simulator.js'
import { childrenOf, readersOf } from './processes.js'
import { startService } from './service.js'
import { until } from './until.js'

const simulator = await startSimulator({
  ffmpegPath: findFfmpeg()!,
  cameras: [{ id: '1', name: 'Control', width: 320, height: 176, fps: 10 }, { id: '2', name: 'Other', width: 320, height: 176, fps: 10 }]
})
t.teardown(() => simulator.close())
const yaml = `cameras: { 1: { source: '${simulator.url('1')}', decode: always }, 2: { source: '${simulator.url('2')}', onDemand: true } }`
const config = `${t.testdir({ 'cameras.yaml': yaml })}/cameras.yaml`

t.test('a camera that was stopped by hand stays stopped when camgate is killed and starts again', { timeout: 120_000 }, async t => {
  const env = { STATE_DIRECTORY: t.testdir() }
  const begin = () => startService(t, { config, env })
  const post = async (url: string, action: string) => t.equal((await fetch(new URL(`${action}/1`, url), { method: 'POST' })).status, 200)
  const first = await begin()
  await post(first.url, 'stop')
  await first.end('SIGKILL')
  const second = await begin()
  t.equal((await second.status()).cameras[1]!.state, 'stopped')
  t.not((await second.status()).cameras[2]!.state, 'stopped')
  await post(second.url, 'start')
  await second.end()
  const third = await begin()
  await third.until(({ cameras }) => cameras[1]!.state === 'running', 'it runs again')
  await third.end()
})

t.test('control', { timeout: 170_000 }, async t => {
  const service = await startService(t, { config })
  const post = async (action: string, id = '1') => {
    const answer = await fetch(new URL(`${action}/${id}`, service.url), { method: 'POST' })
    t.equal(answer.status, 200)
    return await answer.json() as { state: string }
  }
  const ffmpegs = () => readersOf(service.pid)
  const oneFfmpeg = () => until('one ffmpeg decodes', () => ffmpegs().length === 1)
  const state = (id: string, wanted: string) => service.until(({ cameras }) => cameras[id]!.state === wanted, `${id} is ${wanted}`)
  /** A viewer that counts the pictures it receives. */
  const view = async (id: string) => {
    const request = get(new URL(`camera/${id}`, service.url))
    const [response] = await once(request, 'response') as [IncomingMessage]
    const viewer = { pictures: 0, leave: () => request.destroy() }
    response.on('data', (chunk: Buffer) => { viewer.pictures += chunk.toString('latin1').split('X-Sequence').length - 1 }).on('error', () => {})
    t.teardown(viewer.leave)
    return viewer
  }

  t.test('stays stopped although it has viewers, who see the picture return', async t => {
    await state('1', 'running')
    const viewer = await view('1')
    await until('pictures come', () => viewer.pictures > 3)
    t.match(await post('stop'), { state: 'stopped' })
    t.same(ffmpegs(), [], 'it answered after the process was gone')
    t.equal(simulator.stats('1').playing, 0)
    const another = await view('1')
    t.match((await service.status()).cameras[1], { state: 'stopped', viewers: 2, failure: null })
    const seen = viewer.pictures
    await post('start')
    await until('the picture is back for both', () => viewer.pictures > seen && another.pictures > 0)
    viewer.leave()
    another.leave()
  })

  t.test('ends in the state that was asked for last, with one process or none', async t => {
    for (const last of ['stop', 'start']) {
      const asked = Array.from({ length: 10 }, (_, i) => post(i % 2 === (last === 'start' ? 1 : 0) ? 'start' : 'stop'))
      await Promise.all(asked)
      await state('1', last === 'start' ? 'running' : 'stopped')
      if (last === 'start') await oneFfmpeg()
      else t.same(ffmpegs(), [])
    }
    const [before] = ffmpegs()
    await Promise.all([post('start'), post('start'), post('restart'), post('restart')])
    await state('1', 'running')
    await oneFfmpeg()
    t.not(ffmpegs()[0]!.pid, before!.pid)
  })

  t.test('runs an on-demand camera only while it has viewers', async t => {
    t.match((await service.status()).cameras[2], { state: 'idle' })
    t.equal((await fetch(new URL('camera/2/snapshot', service.url))).status, 200, 'a snapshot is a viewer too')
    const viewer = await view('2')
    await until('pictures come', () => viewer.pictures > 3)
    await post('stop', '2')
    t.match((await service.status()).cameras[2], { state: 'stopped', viewers: 1 })
    await post('start', '2')
    await state('2', 'running')
    viewer.leave()
    await state('2', 'idle')
    t.equal(simulator.stats('2').playing, 0)
  })

  t.test('leaves nothing behind after a hundred starts and stops with twenty viewers', async t => {
    const fds = () => readdirSync(`/proc/${service.pid}/fd`).length
    await state('1', 'running')
    const viewers = await Promise.all(Array.from({ length: 20 }, () => view('1')))
    await post('stop')
    const before = fds()
    for (let i = 0; i < 100; i++) {
      await post('start')
      if (i % 10 === 0) await state('1', 'running') // the others stop it during its start, which is hardest
      await post('stop')
    }
    t.same(ffmpegs(), [])
    await until('no ffmpeg draws a status frame either', () => childrenOf(service.pid).every(({ command }) => !command.includes('ffmpeg')))
    await until('it has no more file descriptors than before', () => fds() <= before)
    await post('start')
    const seen = viewers.map(({ pictures }) => pictures)
    await until('all twenty see the picture', () => viewers.every(({ pictures }, i) => pictures > seen[i]!))
  })
})
