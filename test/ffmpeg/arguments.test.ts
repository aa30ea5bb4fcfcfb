import { execFileSync } from 'node:child_process'
import t from 'tap'
import { outputArguments } from '../../src/ffmpeg/arguments.js'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { askDialect } from '../../src/ffmpeg/dialect.js'
import type { PictureSettings } from '../../src/ffmpeg/picture-settings.js'
import { makeJpegs, split } from '../jpegs.js'

const ffmpeg = findFfmpeg()!
const dialect = await askDialect(ffmpeg)

const encode = (picture: Partial<PictureSettings>, from: string[], input = Buffer.alloc(0)) =>
  execFileSync(ffmpeg, ['-loglevel', 'error', ...from, ...outputArguments({ fps: 60, quality: 5, ...picture }, dialect), 'pipe:1'], {
    input, maxBuffer: 64 * 1024 * 1024, stdio: ['pipe', 'pipe', 'inherit']
  })

/** The JPEGs that the real ffmpeg encodes from a test picture with these settings. */
const make = (picture: Partial<PictureSettings>, { size = '320x180', rate = 20, seconds = 2, filter = 'null' } = {}) =>
  split([encode(picture, ['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=${rate}:duration=${seconds},${filter}`])]).jpegs

t.test('ffmpeg with our arguments', async t => {
  t.test('keeps every frame of a camera that is not too fast, even if it jitters', async t => {
    t.equal(make({ fps: 20 }).length, 40)
    t.equal(make({ fps: 20 }, { filter: "setpts='(N+0.9*mod(N*7,10)/10)/20/TB'" }).length, 40)
  })
  t.test('drops frames of a faster camera to keep the rate', async t => {
    t.equal(make({ fps: 5 }).length, 11) // 2 s, and one interval's tolerance
    t.equal(make({ fps: 20 }, { rate: 25 }).length, 41)
    t.equal(make({ fps: 0.5 }, { seconds: 6 }).length, 4)
  })
  t.test('goes on when the camera sets its clock back or ahead', async t => {
    t.ok(make({ fps: 5 }, { filter: "setpts='if(lt(N,20),N+2000,N)/20/TB'" }).length >= 10)
    t.ok(make({ fps: 5 }, { filter: "setpts='if(lt(N,20),N,N+20000)/20/TB'" }).length >= 10)
  })
  t.test('survives two frames with the same time', async t => {
    t.equal(make({ fps: 60 }, { filter: "setpts='floor(N/2)*2/20/TB+mod(N,2)*0.0001/TB'" }).length, 40)
  })
  t.test('keeps its first size when the camera changes its own', async t => {
    const stream = Buffer.concat([...makeJpegs(10, '320x180'), ...makeJpegs(10, '160x90')])
    const made = split([encode({}, ['-f', 'mjpeg', '-i', 'pipe:0'], stream)]).jpegs
    t.same(made.map(({ width, height }) => `${width}x${height}`), Array(20).fill('320x180'))
  })
  t.test('scales down to even numbers, keeps the aspect, and never scales up', async t => {
    const sizes = (picture: Partial<PictureSettings>) => make(picture, { seconds: 0.1 }).map(({ width, height }) => `${width}x${height}`)[0]
    t.equal(sizes({}), '320x180')
    t.equal(sizes({ width: 160 }), '160x90')
    t.equal(sizes({ height: 60 }), '106x60')
    t.equal(sizes({ width: 100, height: 100 }), '100x56')
    t.equal(sizes({ width: 101 }), '100x56')
    t.equal(sizes({ width: 1920 }), '320x180')
  })
  t.test('makes smaller files at a lower quality', async t => {
    const bytes = (quality: number) => make({ quality }, { seconds: 0.1 })[0]!.bytes.length
    t.ok(bytes(2) > 1.5 * bytes(10))
  })
})
