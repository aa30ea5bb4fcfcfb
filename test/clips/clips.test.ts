import { chmod, readdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { Clips } from '../../src/clips/clips.js'
import { until } from '../e2e/until.js'
import { smallScene } from '../simulator/small.js'

const { signal } = new AbortController()

t.test('the clips of a simulator', async t => {
  t.test('are made again if the file is damaged', async t => {
    const directory = t.testdir()
    const clips = new Clips({ ffmpegPath: findFfmpeg()!, directory }, signal)
    const damages = { h264: (path: string) => writeFile(path, 'damaged'), mjpeg: (path: string) => truncate(path) }
    for (const codec of ['h264', 'mjpeg'] as const) {
      const good = await clips.of(smallScene(codec))
      const file = (await readdir(directory)).find(name => name.endsWith(codec))
      await damages[codec](join(directory, file!))
      t.equal((await clips.of(smallScene(codec))).pictures.length, good.pictures.length)
    }
    t.equal((await readdir(directory)).length, 2, 'and nothing else is left')
  })
  t.test('that ffmpeg cannot make are reported', async t => {
    const directory = t.testdir({ ffmpeg: '#!/bin/sh\nfor output; do :; done\necho nonsense > "$output"\n' })
    const made = (ffmpegPath: string) => new Clips({ ffmpegPath, directory }, signal).of(smallScene())
    await t.rejects(made('/no/ffmpeg'), { code: 'CLIP_FAILED', message: /ENOENT/ })
    await t.rejects(made('/bin/true'), { code: 'CLIP_FAILED' })
    await t.rejects(new Clips({ ffmpegPath: findFfmpeg()!, directory: '/dev/null/x' }, signal).of(smallScene()), { code: 'CLIP_FAILED', message: /ENOTDIR|EEXIST/ })
  })
  t.test('are made two at a time, even after a failure', async t => {
    const directory = t.testdir({ log: '', ffmpeg: '#!/bin/sh\ncd "$(dirname "$0")"\necho start >> log\nwhile [ ! -e go ]; do sleep 0.05; done\necho end >> log\nexit 1\n' })
    await chmod(join(directory, 'ffmpeg'), 0o755)
    const clips = new Clips({ ffmpegPath: join(directory, 'ffmpeg'), directory: join(directory, 'clips') }, signal)
    const logged = async () => (await readFile(join(directory, 'log'), 'utf8')).trim().split('\n')
    const failed: number[] = []
    const making = [0, 1, 2].map(index => clips.of({ ...smallScene(), name: `${index}` }).catch(() => { failed.push(index) }))
    await until('two have started', async () => (await logged()).length >= 2)
    await writeFile(join(directory, 'go'), '')
    await Promise.all(making)
    const lines = await logged()
    const running = lines.map((_, index) => lines.slice(0, index + 1).reduce((sum, line) => sum + (line === 'start' ? 1 : -1), 0))
    t.equal(lines.length, 6)
    t.equal(Math.max(...running), 2, lines.join(' '))
    t.same(failed.sort(), [0, 1, 2])
  })
})
