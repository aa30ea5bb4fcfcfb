import { readdir, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { Clips } from '../../src/clips/clips.js'
import { smallScene } from '../simulator/small.js'

const { signal } = new AbortController()

t.test('the clips of a simulator', async t => {
  t.test('are made anew where the file is damaged', async t => {
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
  t.test('that ffmpeg cannot make say so', async t => {
    const directory = t.testdir({ ffmpeg: '#!/bin/sh\nfor output; do :; done\necho nonsense > "$output"\n' })
    const made = (ffmpegPath: string) => new Clips({ ffmpegPath, directory }, signal).of(smallScene())
    await t.rejects(made('/no/ffmpeg'), { code: 'CLIP_FAILED', message: /ENOENT/ })
    await t.rejects(made('/bin/true'), { code: 'CLIP_FAILED' })
    await t.rejects(new Clips({ ffmpegPath: findFfmpeg()!, directory: '/dev/null/x' }, signal).of(smallScene()), { code: 'CLIP_FAILED', message: /ENOTDIR|EEXIST/ })
  })
})
