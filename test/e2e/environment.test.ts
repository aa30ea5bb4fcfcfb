import { readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { secret } from './credentials.js'
import { processes } from './processes.js'
import { startService } from './service.js'

const password = secret('s3cret')
const folder = t.testdir({
  'cameras.yaml': `
server: { allowExec: true }
cameras:
  direct: { source: { type: simulated, auth: digest }, username: ${secret('admin')}, password: "\${CAM_PASSWORD}", hwaccel: vaapi, decode: always, renditions: { small: { width: 320 } } }
  ffmpeg: { source: { type: simulated, auth: digest }, username: ${secret('admin')}, password: "\${CAM_PASSWORD}", ingest: ffmpeg }
  off: { source: 'rtsp://127.0.0.1:9/' }
  pi: { source: { type: picamera, camera: 1 } }
  command: { source: { type: exec, command: [/bin/sh, -c, 'env >"$0"; exec sleep 600', ${JSON.stringify(join(t.testdirName, 'command.txt'))}] } }
`
})
const seen = (name: string) => readFileSync(join(folder, name), 'utf8')
/** An ffmpeg that records its environment. */
const recorder = join(folder, 'ffmpeg')
writeFileSync(recorder, `#!/bin/sh\nenv >>'${folder}/ffmpeg.txt'\necho "asked: $*" >>'${folder}/ffmpeg.txt'\nexec '${findFfmpeg()!}' "$@"\n`, { mode: 0o755 })

t.test('no program that camgate starts gets the passwords in camgate\'s environment', { timeout: 120_000 }, async t => {
  const service = await startService(t, {
    config: join(folder, 'cameras.yaml'),
    env: {
      CAM_PASSWORD: password,
      FFMPEG_PATH: recorder,
      XDG_CACHE_HOME: join(folder, 'cache'), // so that clips are encoded too
      PATH: [fileURLToPath(new URL('stand-in-pi', import.meta.url)), process.env.PATH].join(delimiter),
      LC_ALL: 'C.UTF-8'
    }
  })
  await service.until(({ cameras }) => cameras.direct!.framesTotal > 0 && cameras.ffmpeg!.framesTotal > 0, 'they are shown, so the password is right')
  await (await fetch(new URL('camera/off/snapshot', service.url))).arrayBuffer()
  await (await fetch(new URL('camera/direct/snapshot?rendition=small', service.url))).arrayBuffer()
  const family = new Set([service.pid])
  for (const { pid, parent } of processes().sort((a, b) => a.pid - b.pid)) if (family.has(parent)) family.add(pid)
  family.delete(service.pid)
  const environments = [...family].flatMap(pid => {
    try {
      return [readFileSync(`/proc/${pid}/environ`, 'latin1')]
    } catch {
      return [] // it has ended since
    }
  })
  t.ok(environments.length >= 3, `${environments.length} of ${family.size} processes`)
  const recorded = seen('ffmpeg.txt')
  const asked = recorded.split('\n').filter(line => line.startsWith('asked: '))
  for (const purpose of ['-version', 'clip', 'concat', '-hwaccel vaapi', '-f mpjpeg', 'color=c=']) t.ok(asked.some(line => line.includes(purpose)), `ffmpeg was asked for ${purpose}`)
  t.match(recorded, /^LC_ALL=C\.UTF-8$/m, 'it gets variables that are not secret')
  t.match(seen('command.txt'), /^PATH=/m)
  for (const text of [recorded, seen('command.txt'), ...environments]) {
    t.notOk(text.includes('CAM_PASSWORD') || text.includes(password))
  }
})
