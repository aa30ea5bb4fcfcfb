import { execFile, spawnSync } from 'node:child_process'
import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { packageRoot } from '../../src/package.js'
import { CHROMIUM, noBrowser } from './browser.js'
import { cameraFile, PASSWORD, run, textsOf } from './integrations/page.js'
import { startService } from './service.js'
import { until } from './until.js'

const PYTHON = '/usr/bin/python3'
/** The simulator's clip repeats. */
const CLIP_PICTURES = 200
const READS = 6

const noOpencv = spawnSync(PYTHON, ['-c', 'import cv2']).status !== 0 && 'NOT TESTED: the system has no OpenCV. Install python3-opencv.'

t.test('opencv.md', { skip: noOpencv }, async t => {
  const folder = t.testdir({ 'cameras.yaml': 'cameras: { 1: { source: { type: simulated } } }\n' })
  const options = { config: join(folder, 'cameras.yaml') }
  const service = await startService(t, options)
  const port = new URL(service.url).port
  const [camera = '', program = '', login = '', snapshot = ''] = textsOf('opencv.md', 'python').map(text => text.replaceAll('http://127.0.0.1:5000/', service.url))
  writeFileSync(join(folder, 'camgate_camera.py'), camera)
  cpSync(join(packageRoot, 'test/e2e/integrations/slow_program.py'), join(folder, 'slow_program.py'))

  t.test('its programs run as they are', async t => {
    for (const text of [program, snapshot]) {
      writeFileSync(join(folder, 'program.py'), text)
      const lines = run(t, folder, PYTHON, ['-u', 'program.py'])
      await until('it prints the size and the age of a picture', () => lines.some(line => /^960x544 pixels, (at most )?\d+ ms old$/.test(line)), 30_000).catch(error => { throw new Error(`${error}\n${lines.join('\n')}`) })
    }
  })

  t.test('its class logs in', async t => {
    const closed = t.testdir({ 'cameras.yaml': cameraFile('server: { auth: { users: { robot: { password: "$scrypt$" } } } }\n', '1') })
    const { url } = await startService(t, { config: join(closed, 'cameras.yaml') })
    writeFileSync(join(folder, 'login.py'), `${login.replace('https://cams.example.org/', url)}\nwhile camera.state != "running": camera.read()\nprint(camera.state)\n`)
    const lines = run(t, folder, PYTHON, ['-u', 'login.py'], { CAMGATE_PASSWORD: PASSWORD })
    await until('it has a picture', () => lines.includes('running'), 60_000).catch(error => { throw new Error(`${error}\n${lines.join('\n')}`) })
  })

  t.test('a program that works for long on each picture sees fresh ones, and none while there is none', async t => {
    const [byClass, byOpencv] = ['class', 'opencv'].map(way => run(t, folder, PYTHON, ['-u', 'slow_program.py', way, `${service.url}camera/1`])) as [string[], string[]]
    await until('both have read', () => [byClass, byOpencv].every(lines => numbersOf(lines).length >= READS), 60_000)
    t.ok(distance(byClass) > 2 * distance(byOpencv), `the class has gone on by ${distance(byClass)} pictures, OpenCV by ${distance(byOpencv)}`)
    t.ok(readsOf(byClass).every(({ age }) => age === undefined || age >= 0))

    await fetch(`${service.url}stop/1`, { method: 'POST' })
    await until('it says that the camera is stopped', () => readsOf(byClass).at(-1)?.state === 'stopped', 30_000)
    await fetch(`${service.url}start/1`, { method: 'POST' })
    await until('it has a picture again', () => readsOf(byClass).at(-1)?.number !== undefined, 30_000)
    await service.end()
    await until('it says that camgate is gone', () => /refused/.test(readsOf(byClass).at(-1)?.state ?? ''), 30_000)
    await startService(t, { ...options, args: ['--port', port] })
    await until('it has a picture of the new camgate', () => readsOf(byClass).at(-1)?.number !== undefined, 60_000)
  })
})

t.test('others.md', async t => {
  const folder = t.testdir({ 'cameras.yaml': 'cameras: { 1: { source: { type: simulated } } }\n' })
  const service = await startService(t, { config: join(folder, 'cameras.yaml') })
  const [record = '', kiosk = ''] = textsOf('others.md', 'sh').map(text => text.replaceAll('http://localhost:5000/', service.url))

  t.test('ffmpeg records the stream', async t => {
    const commands = record.trim().split('\n').map(command => command.replace('ffmpeg', `'${findFfmpeg()}' -v error`).replace('-t 10', '-t 1'))
    const said = await Promise.all(commands.map(async command => await promisify(execFile)('/bin/sh', ['-c', command], { cwd: folder, timeout: 60_000 })))
    t.same(said.map(({ stderr }) => stderr), ['', ''])
    for (const file of ['barn.mkv', 'barn.mp4']) {
      const { stderr } = await promisify(execFile)(findFfmpeg()!, ['-i', file, '-f', 'null', '-'], { cwd: folder, timeout: 60_000 })
      t.match(stderr, /Video: (mjpeg|h264).* 960x544/, file)
      t.match(stderr, /frame= *([3-9]|[12]\d)\b/, 'as many pictures as the camera has sent')
    }
  })

  t.test('Chromium shows the kiosk', { skip: noBrowser }, async t => {
    const command = kiosk.replace('chromium', `exec '${CHROMIUM}' --headless --no-sandbox --disable-gpu --user-data-dir=profile`)
    run(t, folder, '/bin/sh', ['-c', command])
    await t.resolves(service.until(({ cameras }) => cameras['1']!.viewers > 0, 'the camera is watched', 60_000))
  })
})

interface Read { readonly number?: number, readonly age?: number, readonly state?: string }
const readsOf = (lines: readonly string[]) => lines.filter(line => line.startsWith('{')).map(line => JSON.parse(line) as Read)
const numbersOf = (lines: readonly string[]) => readsOf(lines).flatMap(({ number }) => number ?? [])

/** How many pictures of the camera lie between the first and the last of the first that a program has read. */
function distance (lines: readonly string[]): number {
  const numbers = numbersOf(lines).slice(0, READS)
  return numbers.slice(1).reduce((sum, number, i) => sum + (number - numbers[i]! + CLIP_PICTURES) % CLIP_PICTURES, 0)
}
