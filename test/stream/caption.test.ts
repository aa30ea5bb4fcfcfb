import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { colourOf, decodeJpeg } from '../e2e/picture.js'
import { makeJpegs } from '../jpegs.js'
import { drawCaption, drawnSize, wrap } from '../../src/stream/caption.js'
import { runOnce } from '../../src/ffmpeg/once.js'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { askDialect } from '../../src/ffmpeg/dialect.js'

const size = { width: 320, height: 176 }
const [picture] = makeJpegs(1, '320x176') as [Buffer]
const { signal: never } = new AbortController()
const ffmpeg = { path: findFfmpeg()!, dialect: await askDialect(findFfmpeg()!) }
const draw = (title: string, text: string, over?: Buffer) => drawCaption(ffmpeg, { title, paragraphs: [text] }, size, over, never)
t.test('a caption', async t => {
  t.test('is drawn over the greyed picture, at the same size', async t => {
    const [words, none] = await Promise.all([draw('Yard', 'It is off.', picture), draw(' ', ' ', picture)])
    t.match(decodeJpeg(words), size)
    t.ok(colourOf(decodeJpeg(picture)) > 100, 'the picture has colours')
    t.ok(colourOf(decodeJpeg(words)) < 20, 'its greyed copy has none')
    t.notOk(words.equals(none), 'the words can be seen')
  })

  t.test('is no larger than 1920, and needs little memory, however large the picture is or claims to be', async t => {
    // enough memory for 1920x1080, and half of what ffmpeg needs for 8K
    const folder = t.testdir({ ffmpeg: `#!/bin/sh\nulimit -v 420000\nexec ${findFfmpeg()!} "$@"\n` })
    chmodSync(join(folder, 'ffmpeg'), 0o755)
    const vast = { width: 7680, height: 4320 }
    const [photo] = makeJpegs(1, '7680x4320', ['-pix_fmt', 'yuvj420p']) as [Buffer]
    for (const over of [undefined, photo]) {
      const drawn = await drawCaption({ ...ffmpeg, path: join(folder, 'ffmpeg') }, { title: 'Yard', paragraphs: ['It is off.'] }, vast, over, never)
      t.match(decodeJpeg(drawn), { width: 1920, height: 1080 })
    }
    t.same(drawnSize({ width: 2592, height: 1944 }), { width: 1920, height: 1440 })
    t.same(drawnSize({ width: 4320, height: 7680 }), { width: 1080, height: 1920 })
    t.same(drawnSize({ width: 65_535, height: 16 }), { width: 1920, height: 2 })
    t.same(drawnSize({ width: 1919, height: 7 }), { width: 1919, height: 7 })
  })

  t.test('is drawn over a plain background if there is no picture', async t => {
    t.match(decodeJpeg(await draw('Yard', 'It is off.')), size)
  })

  t.test('may contain any characters, none of them special to ffmpeg', async t => {
    const special = fc.string({ unit: fc.constantFrom(...'\\\':;,[]=%{}"$`|@#\n\t\0é●a '), minLength: 1, maxLength: 12 })
    await fc.assert(fc.asyncProperty(special, async text => {
      t.match(decodeJpeg(await draw(`a${text}`, `${text}b`)), size)
    }), { numRuns: 12, examples: [["'"], ['\\'], ["it's: [a];\\,'%{n}"]] })
    const [quoted, plain] = await Promise.all([draw('Yard', "a'b"), draw('Yard', 'ab')])
    t.notOk(quoted.equals(plain), 'and all of them are shown')
  })

  t.test('is not among the arguments of ffmpeg, which everybody on the machine can read', async t => {
    const folder = t.testdir({ ffmpeg: '#!/bin/sh\nprintf "%s " "$@" > "$0.arguments"\ncat <&4 > "$0.script"\n' })
    const path = join(folder, 'ffmpeg')
    chmodSync(path, 0o755)
    for (const over of [picture, undefined]) {
      await drawCaption({ ...ffmpeg, path }, { title: 'Yard', paragraphs: ['hunter2'] }, size, over, never)
      t.notMatch(readFileSync(`${path}.arguments`, 'utf8'), /Yard|hunter2/)
      t.match(readFileSync(`${path}.script`, 'utf8'), /Yard.*hunter2/)
    }
  })

  t.test('is aborted when it is no longer needed, or when it takes too long', async t => {
    const folder = t.testdir({ ffmpeg: '#!/bin/sh\nexec sleep 60\n' })
    const path = join(folder, 'ffmpeg')
    chmodSync(path, 0o755)
    const unneeded = new AbortController()
    const run = (timeoutMs: number, signal: AbortSignal) => runOnce(path, [], { stdin: undefined, script: '', timeoutMs, signal })
    const called = run(60_000, unneeded.signal)
    unneeded.abort()
    await t.rejects(called, { name: 'AbortError' })
    t.match(await run(50, never).catch((error: unknown) => error), { killed: true })
  })

  t.test('rejects with the message of ffmpeg when it cannot be drawn', async t => {
    await t.rejects(draw('Yard', 'It is off.', Buffer.from('no picture')), /Invalid data|Error/)
    await t.rejects(drawCaption({ ...ffmpeg, path: '/nowhere/ffmpeg' }, { title: '', paragraphs: [] }, size, undefined, never), { code: 'ENOENT' })
  })
})

t.test('words are wrapped, and long ones are cut', async t => {
  t.equal(wrap('one two three', 7), 'one two\nthree')
  t.equal(wrap('  incomprehensibilities  of it ', 10), 'incomprehe\nnsibilitie\ns of it')
  t.equal(wrap('', 10), '')
  fc.assert(fc.property(fc.string(), fc.integer({ min: 1, max: 30 }), (text, columns) => {
    t.ok(wrap(text, columns).split('\n').every(line => line.length <= columns))
  }), { numRuns: 100 })
})
