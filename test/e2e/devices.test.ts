import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { packageRoot } from '../../src/package.js'
import { makeJpegs } from '../jpegs.js'
import { withVariables } from '../with-variables.js'
import { decodeJpeg } from './picture.js'
import { isAlive, processes } from './processes.js'
import { startService } from './service.js'
import { until } from './until.js'

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const folder = t.testdir({ devices: {} })
const devices = join(folder, 'devices')
/** Links to devices that every machine has. Files in `devices` describe them as webcams. */
const like = (device: string) => `/dev/${['null', 'zero', 'full', 'random', 'urandom', 'tty'][Number(device.replace('video', ''))]!}`
const nodes = `/dev/shm/camgate-test-${process.pid}`
mkdirSync(nodes)
t.teardown(() => rmSync(nodes, { recursive: true }))
const plug = (device: string, listing: string) => {
  copyFileSync(here(`v4l2/${listing}.txt`), join(devices, device))
  symlinkSync(like(device), join(nodes, device))
}

/** JPEGs without Huffman tables, as in webcams and AVI files. */
const bare = (jpeg: Buffer): Buffer => {
  const at = jpeg.indexOf(Buffer.from([0xff, 0xc4]))
  return Buffer.concat([jpeg.subarray(0, at), jpeg.subarray(at + 2 + jpeg.readUInt16BE(at + 2))])
}
mkdirSync(join(folder, 'films'))
writeFileSync(join(folder, 'films/bare.mjpeg'), Buffer.concat(makeJpegs(10, '320x176', ['-huffman', 'default']).map(bare)))
writeFileSync(join(folder, 'films/words.txt'), 'no film')
execFileSync(findFfmpeg()!, ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=320x176:rate=10:duration=1', '-c:v', 'mpeg4', join(folder, 'films/second.mp4')])
plug('video0', 'metadata')
plug('video1', 'c920')
plug('video2', 'usb-5mp')
plug('video3', 'c920')
plug('video5', 'forbidden')
writeFileSync(join(devices, 'video1.busy'), '')
mkdirSync(join(nodes, 'video6'))
const grab = `trap '' INT; "${findFfmpeg()}" -v error -re -f lavfi -i testsrc2=size=320x176:rate=10 -c:v mjpeg -f mjpeg -flush_packets 1 pipe:1; exit 3`
const yaml = `
server: { allowExec: true }
defaults: { fps: 10, decode: always }
cameras:
  bare: { source: { type: file, path: films/bare.mjpeg } }
  film: { source: { type: file, path: films/second.mp4 }, width: 160 }
  later: { source: { type: file, path: films/later.mp4 } }
  words: { source: { type: file, path: films/words.txt } }
  webcam: { source: { type: v4l2, device: ${nodes}/video3 }, width: 320, height: 180 }
  named: { source: { type: v4l2, device: ${nodes}/video2 }, width: 320 }
  busy: { source: { type: v4l2, device: ${nodes}/video1 } }
  gone: { source: { type: v4l2, device: ${nodes}/video4 } }
  forbidden: { source: { type: v4l2, device: ${nodes}/video5 } }
  folder: { source: { type: v4l2, device: ${nodes}/video6 } }
  pi: { source: { type: picamera }, width: 320 }
  turned: { source: { type: picamera, camera: 2 }, rotate: 90, width: 160 }
  nopi: { source: { type: picamera, camera: 1 } }
  command: { source: { type: exec, command: [/bin/sh, -c, '${grab.replaceAll("'", "''")}'] } }
  small: { source: { type: exec, command: [/bin/sh, -c, '${grab.replaceAll("'", "''")}'] }, width: 160 }
  garbage: { source: { type: exec, command: [/bin/sh, -c, 'echo no camera here >&2; exit 7'] } }
  typo: { source: { type: exec, command: [no-such-program] } }
`
writeFileSync(join(folder, 'cameras.yaml'), yaml)
const env = {
  FFMPEG_PATH: withVariables(folder, here('stand-in-v4l2.sh'), { REAL_FFMPEG: findFfmpeg()!, DEVICES: devices }),
  PATH: [here('stand-in-pi'), dirname(findFfmpeg()!), process.env.PATH].join(delimiter)
}
const widths = { bare: 320, film: 160, webcam: 320, named: 320, pi: 320, turned: 160, command: 320, small: 160 }

/** All descendants of a process. */
const descendants = (pid: number): number[] => {
  const all = processes()
  const below = (parent: number): number[] => all.filter(other => other.parent === parent).flatMap(({ pid }) => [pid, ...below(pid)])
  return below(pid)
}

t.test('files, devices and commands', { timeout: 120_000 }, async t => {
  const service = await startService(t, { config: join(folder, 'cameras.yaml'), env })
  t.test('are shown at the wanted size', async t => {
    await service.until(({ cameras }) => Object.keys(widths).every(id => cameras[id]!.state === 'running' && cameras[id]!.framesTotal > 30), 'each shows more pictures than its film has', 60_000)
    const { cameras } = await service.status()
    for (const [id, width] of Object.entries(widths)) {
      t.match(cameras[id], { width, restarts: id === 'command' ? Number : 0 }, id)
      const answer = await fetch(new URL(`camera/${id}/snapshot`, service.url))
      const jpeg = Buffer.from(await answer.arrayBuffer())
      t.ok(jpeg.includes(Buffer.from([0xff, 0xc4])), `${id} has its Huffman tables`)
      t.equal(decodeJpeg(jpeg).width, width, id)
      await service.until(({ cameras }) => cameras[id]!.fps <= 11, `${id} is no faster than configured`)
    }
  })
  t.test('report how they are read', async t => {
    const { cameras } = await service.status()
    for (const [id, copied] of [['pi', true], ['turned', false], ['command', true], ['small', false]] as const) {
      t.match(cameras[id]!.input, { ingest: 'direct', transport: 'pipe', codec: 'mjpeg', copied, fps: Number }, id)
    }
  })
  t.test('report failures in sentences', async t => {
    const wrong: Record<string, [code: string, words: RegExp]> = {
      later: ['not-found', /no file .*films\/later\.mp4/],
      words: ['unsupported', /no pictures that ffmpeg can read/],
      busy: ['busy', /video1 is used by another program/],
      gone: ['no-device', /no camera at \S+\/video4: this machine has/],
      folder: ['no-device', /video6 is a folder/],
      forbidden: ['not-permitted', /group video/],
      nopi: ['no-device', /finds no such camera/],
      garbage: ['exited', /ended with code 7: no camera here/],
      typo: ['no-program', /no program no-such-program/]
    }
    const { cameras } = await service.until(({ cameras }) => Object.keys(wrong).every(id => cameras[id]!.failure), 'each has failed')
    for (const [id, [code, message]] of Object.entries(wrong)) t.match(cameras[id]!.failure, { code, message }, id)
  })
  t.test('start once they are there', async () => {
    copyFileSync(join(folder, 'films/second.mp4'), join(folder, 'films/later.mp4'))
    plug('video4', 'c920')
    for (const id of ['later', 'gone']) await fetch(new URL(`restart/${id}`, service.url), { method: 'POST' })
    await service.until(({ cameras }) => ['later', 'gone'].every(id => cameras[id]!.state === 'running'), 'they run')
  })
  t.test('are listed', async t => {
    const said = execFileSync(process.execPath, [join(packageRoot, 'dist/main.js'), 'devices'], { env: { ...process.env, ...env, NODE_OPTIONS: '' }, encoding: 'utf8' })
    if (existsSync('/dev/video0')) t.match(said, /^\/dev\/video0/)
    else t.match(said, /^There is no webcam/)
  })
  t.test('leave no process behind', async t => {
    const started = descendants(service.pid)
    t.ok(started.length >= 12, `${started.length} processes`)
    t.match(await service.end('SIGINT'), { code: 0, signal: null })
    await until('all of them are gone', () => !started.some(isAlive), 3_000)
    rmSync(join(devices, 'video1.busy'))
  })
})

/** A /dev for camgate: this machine's, with these webcams and no others. */
const withDevices = (...names: string[]) => ['unshare', '--mount', 'sh', '-c', `set -e
  mkdir -p "$0"; mount --rbind /dev "$0"; mount -t tmpfs none /dev
  for node in "$0"/*; do case $node in */video*) ;; *) ln -s "$node" /dev/ ;; esac; done
  ${names.map(name => `ln -s "$0${like(name).slice(4)}" /dev/${name}`).join('\n  ')}
  exec "$@"`, join(folder, 'dev')]
const noMounts = spawnSync('unshare', ['--mount', 'true']).status !== 0 && 'NOT TESTED: a /dev of its own needs root and unshare.'

t.test('the first webcam', { skip: noMounts }, async t => {
  const auto = (count: number) => {
    const file = join(folder, `auto-${count}.yaml`)
    writeFileSync(file, JSON.stringify({ cameras: Object.fromEntries(Array.from({ length: count }, (_, n) => [`webcam${n}`, { source: { type: 'v4l2' }, width: 320 }])) }))
    return file
  }
  t.test('is reported missing within a second on a machine without one, and never as taken', async t => {
    const service = await startService(t, { config: auto(3), env, prefix: withDevices() })
    const began = performance.now()
    const { cameras } = await service.until(({ cameras }) => Object.values(cameras).every(({ failure }) => failure), 'all have failed')
    const ms = performance.now() - began
    for (const { failure } of Object.values(cameras)) t.match(failure, { code: 'no-device', message: /^There is no webcam at \/dev\/video0 to \/dev\/video9\. Is it plugged in\?/ })
    t.ok(ms < 1_000, `${Math.round(ms)} ms`)
  })
  t.test('is the first that sends pictures; another camera gets the next, and a third gets none', async t => {
    writeFileSync(join(devices, 'video1.busy'), '')
    const service = await startService(t, { config: auto(3), env, prefix: withDevices('video0', 'video1', 'video2', 'video3') })
    const { cameras } = await service.until(({ cameras }) => {
      const all = Object.values(cameras)
      // Its first attempt may find that the others are still trying /dev/video1.
      return all.filter(({ state }) => state === 'running').length === 2 && all.some(({ failure }) => failure?.message.includes('/dev/video1 is used by another program'))
    }, 'two are shown, one is not')
    t.match(Object.values(cameras).flatMap(({ failure }) => failure ?? []), [{ code: 'busy' }])
  })
})

t.test('a webcam of this machine', { skip: !existsSync('/dev/video0') && 'NO REAL WEBCAM WAS TESTED: there is no /dev/video0' }, async t => {
  writeFileSync(join(folder, 'real.yaml'), 'cameras: { 1: { source: { type: v4l2 } } }\n')
  const service = await startService(t, { config: join(folder, 'real.yaml') })
  await service.until(({ cameras }) => cameras[1]!.framesTotal > 5, 'pictures')
})
