import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import t from 'tap'
import { Drawing, PLAIN } from '../../src/stream/drawing.js'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { dialectOf } from '../../src/ffmpeg/dialect.js'
import type { FfmpegInstall } from '../../src/ffmpeg/install.js'
import { decodeJpeg } from '../e2e/picture.js'

const caption = { title: 'Yard', paragraphs: ['It is off.'] }
const size = { width: 320, height: 176 }
const { signal: never } = new AbortController()

/** A drawing with the ffmpeg at this path, and its log. */
function drawingWith (path: string) {
  const logged: string[] = []
  const log = pino({ base: null }, { write: line => { logged.push(JSON.parse(line).msg) } })
  return { logged, drawing: new Drawing({ locate: async () => ({ path, dialect: dialectOf('') }) } as unknown as FfmpegInstall, log) }
}

t.test('a drawing', async t => {
  t.test('is a JPEG of the requested size', async t => {
    const { drawing, logged } = drawingWith(findFfmpeg()!)
    const { pieces, length, width, height } = await drawing.draw(caption, size, undefined, never)
    t.same({ width, height }, size)
    t.equal(length, pieces[0]!.length)
    t.not(pieces, PLAIN.pieces)
    t.same(logged, [])
  })

  t.test('of a large picture is smaller, and has its own size', async t => {
    const { drawing } = drawingWith(findFfmpeg()!)
    const drawn = await drawing.draw(caption, { width: 7680, height: 4320 }, undefined, never)
    t.match(drawn, { width: 1920, height: 1080 })
    t.match(decodeJpeg(drawn.pieces[0]!), { width: 1920, height: 1080 })
  })

  t.test('is on a plain background if the last picture is damaged', async t => {
    const { drawing, logged } = drawingWith(findFfmpeg()!)
    t.not(await drawing.draw(caption, size, Buffer.from('no JPEG'), never), PLAIN)
    t.same(logged, [])
  })

  t.test('is the plain picture if ffmpeg is missing, which is logged once', async t => {
    const { drawing, logged } = drawingWith('/nowhere/ffmpeg')
    for (let i = 0; i < 2; i++) t.equal(await drawing.draw(caption, size, undefined, never), PLAIN)
    t.match(logged, [/cannot draw the words .*ENOENT/])
    t.equal(logged.length, 1)
  })

  t.test('is the plain picture if ffmpeg cannot draw text, and the log has the remedy', async t => {
    const folder = t.testdir({ ffmpeg: "#!/bin/sh\necho \"[AVFilterGraph @ 0x1a] No such filter: 'drawtext'\nError opening output files: Filter not found\" >&2\nexit 8\n" })
    chmodSync(join(folder, 'ffmpeg'), 0o755)
    const { drawing, logged } = drawingWith(join(folder, 'ffmpeg'))
    t.equal(await drawing.draw(caption, size, undefined, never), PLAIN)
    t.match(logged, [/built without its filter drawtext.*FFMPEG_PATH/])
  })

  t.test('is aborted when it is no longer needed, or after closing', async t => {
    const { drawing, logged } = drawingWith(findFfmpeg()!)
    const unneeded = new AbortController()
    const drawn = Promise.all([...Array(5)].map(() => drawing.draw(caption, size, undefined, unneeded.signal)))
    unneeded.abort()
    t.same((await drawn).filter(jpeg => jpeg !== PLAIN), [])
    const late = drawing.draw(caption, size, undefined, never)
    await drawing.close()
    t.equal(await late, PLAIN)
    t.same(logged, [])
  })
})
