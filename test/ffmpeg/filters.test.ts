import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { outputArguments } from '../../src/ffmpeg/arguments.js'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { askDialect } from '../../src/ffmpeg/dialect.js'
import { sizeTooSmallForCrop, type Origin } from '../../src/ffmpeg/filters.js'
import type { PictureSettings } from '../../src/ffmpeg/picture-settings.js'
import { decodeJpeg, pixelAt, readPnm } from '../e2e/picture.js'

const ffmpeg = findFfmpeg()!
const dialect = await askDialect(ffmpeg)
const WIDTH = 128
const HEIGHT = 64
const folder = mkdtempSync(join(tmpdir(), 'camgate-filters-'))
t.teardown(() => rmSync(folder, { recursive: true }))

type Settings = Omit<PictureSettings, 'fps'>

/** Lets the real ffmpeg encode a picture whose quarters are red and green above, blue and yellow below, once for each of these settings. */
function make (settings: readonly Settings[]) {
  const quarter = (colour: string) => `color=${colour}:s=${WIDTH / 2}x${HEIGHT / 2}:r=25:d=0.04`
  const source = `${quarter('red')}[a];${quarter('lime')}[b];${quarter('blue')}[c];${quarter('yellow')}[d];[a][b]hstack[e];[c][d]hstack[f];[e][f]vstack`
  const file = (i: number, ext: string) => join(folder, `${i}.${ext}`)
  execFileSync(ffmpeg, ['-v', 'error', '-y', '-f', 'lavfi', '-i', source,
    ...settings.flatMap((setting, i) => [...outputArguments({ fps: 20, quality: 2, ...setting }, dialect), file(i, 'mjpeg')])])
  execFileSync(ffmpeg, ['-v', 'error', '-y', ...settings.flatMap((_, i) => ['-f', 'mjpeg', '-i', file(i, 'mjpeg')]),
    ...settings.flatMap((_, i) => ['-map', `${i}:v`, '-f', 'image2pipe', '-c:v', 'ppm', file(i, 'ppm')])])
  return settings.map((_, i) => readPnm(readFileSync(file(i, 'ppm')))[0]!)
}

/** The colours of the four corners, row by row: R, G, B or Y. */
const corners = (picture: ReturnType<typeof readPnm>[number]) => {
  const [right, bottom] = [picture.width - 4, picture.height - 4]
  return ([[3, 3], [right, 3], [3, bottom], [right, bottom]] as const).map(([x, y]) => {
    const [r = 0, g = 0, b = 0] = pixelAt(picture, x, y)
    return b > 128 ? 'B' : r > 128 ? (g > 128 ? 'Y' : 'R') : 'G'
  }).join('')
}

/** The expected corners, computed in another way: from the place in the camera's picture that each one shows. */
function expected ({ crop = { x: 0, y: 0, width: WIDTH, height: HEIGHT }, rotate = 0, flip = 'none' }: Settings): string {
  return [[0, 0], [1, 0], [0, 1], [1, 1]].map(([u = 0, v = 0]) => {
    let [x, y] = [u, v]
    if (flip === 'horizontal' || flip === 'both') x = 1 - x
    if (flip === 'vertical' || flip === 'both') y = 1 - y
    for (let turned = 0; turned < rotate; turned += 90) [x, y] = [y, 1 - x]
    const left = crop.x + x * crop.width < WIDTH / 2 + x
    return crop.y + y * crop.height < HEIGHT / 2 + y ? (left ? 'R' : 'G') : left ? 'B' : 'Y'
  }).join('')
}

const even = (min: number, max: number) => fc.integer({ min: min / 2, max: Math.floor(max / 2) }).map(half => half * 2)
const crop = even(0, WIDTH - 16).chain(x => even(0, HEIGHT - 16).chain(y => fc.record({
  x: fc.constant(x), y: fc.constant(y), width: even(16, WIDTH - x), height: even(16, HEIGHT - y)
}))).filter(({ x, y, width, height }) => // no edge between two colours at a corner
  [x, x + width].every(at => Math.abs(at - WIDTH / 2) >= 8) && [y, y + height].every(at => Math.abs(at - HEIGHT / 2) >= 8))
const turns = { crop, rotate: fc.constantFrom(0, 90, 180, 270), flip: fc.constantFrom('none' as const, 'horizontal' as const, 'vertical' as const, 'both' as const) }

t.test('a picture', async t => {
  t.test('is rotated clockwise and mirrored', async t => {
    t.same(make([{}, { rotate: 90 }, { rotate: 180 }, { rotate: 270 }, { flip: 'horizontal' }, { flip: 'vertical' }, { flip: 'both' }]).map(corners),
      ['RGBY', 'BRYG', 'YBGR', 'GYRB', 'GRYB', 'BYRG', 'YBGR'])
  })
  t.test('is cropped, then rotated, then mirrored', async t => {
    fc.assert(fc.property(fc.array(fc.record(turns, { requiredKeys: [] }), { minLength: 20, maxLength: 20 }), settings => {
      const made = make(settings as Settings[])
      t.same(made.map(corners), settings.map(setting => expected(setting as Settings)))
      t.same(made.map(({ width, height }) => [width, height]), settings.map(({ crop = { width: WIDTH, height: HEIGHT }, rotate = 0 }) =>
        rotate % 180 === 0 ? [crop.width, crop.height] : [crop.height, crop.width]))
    }), { numRuns: 3 })
  })
  t.test('is scaled after it is rotated', async t => {
    const sizes = make([{ rotate: 90, width: 32 }, { rotate: 90, height: 32 }, { crop: { x: 0, y: 0, width: 64, height: 64 }, width: 32 }, { rotate: 270, width: 1920 }])
    t.same(sizes.map(({ width, height }) => `${width}x${height}`), ['32x64', '16x32', '32x32', '64x128'])
  })
  t.test('is made with any settings', async t => {
    const side = fc.integer({ min: 16, max: 200 })
    const any = fc.integer({ min: 0, max: WIDTH - 16 }).chain(x => fc.integer({ min: 0, max: HEIGHT - 16 }).chain(y => fc.record({
      x: fc.constant(x), y: fc.constant(y), width: fc.integer({ min: 16, max: WIDTH - x }), height: fc.integer({ min: 16, max: HEIGHT - y })
    })))
    const setting = fc.record({
      ...turns,
      crop: any,
      width: side,
      height: side,
      overlay: fc.record({ name: fc.boolean(), clock: fc.boolean() }),
      name: fc.string({ unit: fc.constantFrom(...'\\\':;,[]=%{}"$`|@#\n\t\0é●a '), minLength: 1, maxLength: 100 })
    }, { requiredKeys: [] })
    fc.assert(fc.property(fc.array(setting, { minLength: 20, maxLength: 20 }), settings => {
      for (const [i, { width, height }] of make(settings as Settings[]).entries()) {
        t.ok(width % 2 === 0 || settings[i]!.crop || settings[i]!.width === undefined)
        t.ok(width <= (settings[i]!.width ?? WIDTH) && height <= Math.max(2, settings[i]!.height ?? WIDTH))
      }
    }), { numRuns: 3, examples: [[[{ crop: { x: 0, y: 0, width: WIDTH, height: 16 }, width: 16, height: 16, overlay: { name: true, clock: true }, name: "it's: [a];\\,'%{n}" }]]] })
  })
})

t.test('an overlay', { skip: !dialect.drawsText && 'NOT TESTED: this ffmpeg draws no text.' }, async t => {
  const [plain, name, clock, both] = make([{}, { name: 'Yard', overlay: { name: true } }, { overlay: { clock: true } }, { name: 'Yard', rotate: 90, overlay: { name: true, clock: true } }])
  const differs = (a: typeof plain, top: boolean) => {
    const half = a!.pixels.length / 2
    return a!.pixels.compare(plain!.pixels, top ? 0 : half, top ? half : 2 * half, top ? 0 : half, top ? half : 2 * half) !== 0
  }
  t.same([differs(name, true), differs(name, false)], [false, true], 'writes the name at the bottom')
  t.same([differs(clock, true), differs(clock, false)], [true, false], 'and the time at the top')
  t.match(both, { width: HEIGHT, height: WIDTH })
  t.test('is left out for an ffmpeg that draws no text', async t => {
    const args = (drawsText: boolean) => outputArguments({ fps: 20, name: 'Yard', overlay: { name: true, clock: true } }, { ...dialect, drawsText }).join(' ')
    t.match(args(true), /drawtext.*Yard.*localtime/)
    t.notMatch(args(false), /drawtext/)
  })
})

t.test('without settings a picture only gets our time and rate, and planes of bytes get the range of a JPEG', async t => {
  const filters = (picture: Settings, from?: Origin) => {
    const args = outputArguments({ fps: 20, ...picture }, dialect, from)
    return args[args.indexOf('-vf') + 1]!.replace(/,format=\S+,lutyuv=\S+,setparams=range=pc$/, ',range')
  }
  const again = 'isnan(prev_selected_t)+lt(t,prev_selected_t)'
  const thin = `select='if(${again}+gte(t,ld(0)-1/20),1+0*st(0,if(${again},t,max(ld(0),t))+1/20),0)'`
  const rising = "setpts='if(isnan(PREV_OUTPTS),RTCTIME,max(RTCTIME,PREV_OUTPTS+1))'"
  for (const nothing of [{}, { rotate: 0, flip: 'none' as const, overlay: { name: false }, name: 'Yard' }]) {
    t.equal(filters(nothing), `${thin},settb=AVTB,${rising}`)
    t.equal(filters(nothing, 'stream'), `settb=AVTB,setpts=RTCTIME,${thin},${rising}`, 'by a time that goes back when the clock is set back')
    t.equal(filters(nothing, 'planes'), `settb=AVTB,setpts=RTCTIME,${thin},${rising},range`)
    t.equal(filters(nothing, 'jpegs'), `settb=AVTB,${rising}`)
  }
  t.equal(filters({ rotate: 90 }), `${thin},transpose=clock,settb=AVTB,${rising}`, 'dropped pictures are not rotated')
})

t.test('black and white are in JPEG\'s range for every camera', async t => {
  const STEPS = 8
  const step = (pixel: number) => Math.floor((pixel % WIDTH) * STEPS / WIDTH)
  const luma = (black: number, white: number) => Array.from({ length: WIDTH * HEIGHT }, (_, pixel) => Math.round(black + step(pixel) * (white - black) / (STEPS - 1)))
  const planes = (luma: readonly number[], chroma: number, neutral = 128) => [...luma, ...Array<number>(chroma).fill(neutral)]
  const quarter = WIDTH * HEIGHT / 4
  const stairs: Array<[format: string, raw: Buffer, from: Origin, ...range: string[]]> = [
    ['yuv420p', Buffer.from(planes(luma(16, 235), 2 * quarter)), 'planes'],
    ['yuv420p', Buffer.from(planes(luma(16, 235), 2 * quarter)), 'camera'],
    ['yuvj420p', Buffer.from(planes(luma(0, 255), 2 * quarter)), 'planes'],
    ['yuvj420p', Buffer.from(planes(luma(0, 255), 2 * quarter)), 'stream'],
    ['yuv422p', Buffer.from(planes(luma(16, 235), 4 * quarter)), 'planes'],
    ['gray', Buffer.from(luma(0, 255)), 'planes'],
    ['nv12', Buffer.from(planes(luma(16, 235), 2 * quarter)), 'stream'],
    ['nv12', Buffer.from(planes(luma(0, 255), 2 * quarter)), 'stream', '-color_range', 'pc'],
    ['yuyv422', Buffer.from(luma(16, 235).flatMap(y => [y, 128])), 'camera'],
    ['yuv420p10le', Buffer.from(Uint16Array.from(planes(luma(64, 940), 2 * quarter, 512)).buffer), 'stream'],
    ['yuv420p10le', Buffer.from(Uint16Array.from(planes(luma(0, 1023), 2 * quarter, 512)).buffer), 'stream', '-color_range', 'pc']
  ]
  for (const [format, raw, from, ...range] of stairs) {
    for (const width of [WIDTH, WIDTH / 2]) {
      const args = ['-v', 'error', '-f', 'rawvideo', '-s', `${WIDTH}x${HEIGHT}`, '-pix_fmt', format, ...range, '-i', 'pipe:0', ...outputArguments({ fps: 25, quality: 2, width }, dialect, from)]
      const picture = decodeJpeg(execFileSync(ffmpeg, [...args, 'pipe:1'], { input: raw }))
      const greys = Array.from({ length: STEPS }, (_, i) => pixelAt(picture, Math.floor((i + 0.5) * width / STEPS), 8))
      t.ok(greys.every((pixel, i) => pixel.every(value => Math.abs(value - i * 255 / (STEPS - 1)) <= 3)), `${from}, ${format} ${range[1] ?? ''}, ${width} wide: ${greys.join(' ')}`)
    }
  }
})

t.test('a crop outside the picture is an error that contains the size of the picture', async t => {
  for (const at of [{ x: WIDTH - 15, y: 0 }, { x: 0, y: HEIGHT - 15 }]) {
    const args = outputArguments({ fps: 20, crop: { ...at, width: 16, height: 16 } }, dialect)
    const { status, stderr } = spawnSync(ffmpeg, ['-hide_banner', '-y', '-nostats', '-loglevel', 'level+info', '-f', 'lavfi', '-i', `testsrc2=s=${WIDTH}x${HEIGHT}`, ...args, '/dev/null'], { encoding: 'utf8' })
    t.not(status, 0)
    t.same(sizeTooSmallForCrop(stderr.split('\n')), { width: WIDTH, height: HEIGHT })
  }
  t.equal(sizeTooSmallForCrop(["[Parsed_crop_1 @ 0x55] [error] Invalid too big or non positive size for width '0' or height '16'"]), undefined)
  t.equal(sizeTooSmallForCrop(['[info] 640.000000', '[info] 360.000000']), undefined)
})
