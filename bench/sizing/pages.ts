import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { needOf, text, USABLE_SHARE_OF_CORE, type Coefficients, type Installation } from '../../docs/.vitepress/theme/sizing/formula.js'
import { packageRoot } from '../../src/package.js'
import { table } from '../table.js'
import { besideTable } from './beside.js'
import type { Checked } from './check.js'

/** docs/sizing.json: what the last run measured, and the calculator reads. */
export interface Sizing extends Coefficients {
  readonly measured: { readonly on: string, readonly versions: string, readonly machine: string, readonly isOverloaded: boolean }
  readonly check: { readonly installation: Installation, readonly measured: Checked }
}

/** H.264 at the bit rates that makers recommend for 15 pictures a second. */
export const SIZES = [
  { width: 640, height: 360, megabitsPerSecond: 0.8 },
  { width: 1280, height: 720, megabitsPerSecond: 2 },
  { width: 1920, height: 1080, megabitsPerSecond: 4 }
] as const
const PICTURES_PER_SECOND = 15

/** 32 cameras on a small computer, of which six viewers watch one each. */
export const EXAMPLE: Installation = {
  cameras: 32,
  codec: 'h264',
  width: 1920,
  height: 1080,
  picturesPerSecond: PICTURES_PER_SECOND,
  megabitsPerSecond: 4,
  full: { cameras: 6, viewersOfEach: 1 },
  rendition: { cameras: 0, viewersOfEach: 0, width: 640, height: 360 },
  liveTiles: 0
}

const none = { cameras: 0, viewersOfEach: 0, width: 640, height: 360 }
const usesOf = (size: typeof SIZES[number]): Record<string, readonly [more: Installation, less: Installation]> => {
  const nothing: Installation = { cameras: 0, codec: 'h264', picturesPerSecond: PICTURES_PER_SECOND, ...size, full: none, rendition: none, liveTiles: 0 }
  const read = { ...nothing, cameras: 1 }
  const watchedBy = (viewersOfEach: number) => ({ ...read, full: { cameras: 1, viewersOfEach } })
  return {
    'cameras that are read, and nobody watches': [read, nothing],
    'cameras watched as MJPEG by one viewer each': [watchedBy(1), nothing],
    'further viewers of the same MJPEG': [watchedBy(2), watchedBy(1)],
    'cameras watched as a rendition of 640x360 by one viewer each': [{ ...read, rendition: { ...none, cameras: 1, viewersOfEach: 1 } }, nothing],
    'live tiles of `<camgate-view>`': [{ ...read, liveTiles: 1 }, read]
  }
}

/** How many of what one core carries. */
export function perCore (coefficients: Coefficients): Map<string, number[]> {
  const coresOf = (installation: Installation) => {
    const { camgateCores, ffmpegCores } = needOf(installation, coefficients)
    return camgateCores + ffmpegCores
  }
  const uses = SIZES.map(usesOf)
  return new Map(Object.keys(uses[0]!).map(use => [use, uses.map(of => USABLE_SHARE_OF_CORE / (coresOf(of[use]![0]) - coresOf(of[use]![1])))]))
}

export function coreTable (coefficients: Coefficients): string {
  return table(
    ['one core carries', ...SIZES.map(({ width, height, megabitsPerSecond }) => `${width}x${height}, ${megabitsPerSecond} Mbit/s`)],
    [...perCore(coefficients)].map(([use, counts]) => [use, ...counts.map(roundedDown)])
  )
}

/** Two digits that count. More would pretend. */
export function roundedDown (count: number): string {
  if (!Number.isFinite(count)) return 'too many to measure'
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(count)) - 1)
  return String(unit * Math.floor(count / unit))
}

const percent = (predicted: number, measured: number) => `${predicted >= measured ? '+' : '−'}${Math.abs(100 * (predicted / measured - 1)).toFixed(0)} %`

export function checkTable ({ check: { installation, measured }, ...coefficients }: Sizing): string {
  const need = needOf(installation, coefficients)
  const rows = { 'cores of camgate': 'camgateCores', 'cores of ffmpegs': 'ffmpegCores', 'MB of memory': 'memoryMegabytes', 'Mbit/s to viewers': 'megabitsPerSecondOut', 'open files of camgate': 'openFiles' } as const
  return table(['', 'predicted', 'measured', 'off by'], Object.entries(rows).map(([name, key]) => [name, text(need[key]), text(measured[key]), percent(need[key], measured[key])]))
}

export function coefficientsTable ({ cpuMilliseconds: cpu, memoryMegabytes: memory, jpegKilobytes: jpeg, openFiles: files }: Coefficients): string {
  const ms = (value: number, per: string) => [text(value), `ms of one core ${per}`]
  const megabytes = (value: number, per: string) => [text(value), `MB ${per}`]
  return table(['what', 'how much', 'unit', 'in sizing.json'], ([
    ['camgate with no camera', ...ms(cpu.perSecond, 'a second'), 'cpuMilliseconds.perSecond'],
    ['to read H.264', ...ms(cpu.read.perPicture, 'a picture'), 'cpuMilliseconds.read.perPicture'],
    ['', ...ms(cpu.read.perMegabit, 'a Mbit'), '… .perMegabit'],
    ['to read a camera that sends MJPEG', ...ms(cpu.readMjpeg.perPicture, 'a picture'), 'cpuMilliseconds.readMjpeg.perPicture'],
    ['', ...ms(cpu.readMjpeg.perMegabit, 'a Mbit'), '… .perMegabit'],
    ['to make JPEGs, in camgate', ...ms(cpu.transcodeInCamgate.perPicture, 'a picture'), 'cpuMilliseconds.transcodeInCamgate.perPicture'],
    ['', ...ms(cpu.transcodeInCamgate.perMegabyte, 'a MB of JPEG'), '… .perMegabyte'],
    ['to make JPEGs, in ffmpeg', ...ms(cpu.transcodeInFfmpeg.perPicture, 'a picture'), 'cpuMilliseconds.transcodeInFfmpeg.perPicture'],
    ['', ...ms(cpu.transcodeInFfmpeg.perMegabit, 'a Mbit of H.264'), '… .perMegabit'],
    ['', ...ms(cpu.transcodeInFfmpeg.perMegapixelDecoded, 'a megapixel decoded'), '… .perMegapixelDecoded'],
    ['', ...ms(cpu.transcodeInFfmpeg.perMegapixelEncoded, 'a megapixel encoded'), '… .perMegapixelEncoded'],
    ['a viewer of MJPEG', ...ms(cpu.mjpegViewer.perPicture, 'a picture'), 'cpuMilliseconds.mjpegViewer.perPicture'],
    ['', ...ms(cpu.mjpegViewer.perMegabyte, 'a MB'), '… .perMegabyte'],
    ['a live tile', ...ms(cpu.liveViewer.perPicture, 'a picture'), 'cpuMilliseconds.liveViewer.perPicture'],
    ['', ...ms(cpu.liveViewer.perMegabit, 'a Mbit'), '… .perMegabit'],
    ['memory of camgate', ...megabytes(memory.camgate, ''), 'memoryMegabytes.camgate'],
    ['memory of a camera', ...megabytes(memory.perCamera, ''), 'memoryMegabytes.perCamera'],
    ['', ...megabytes(memory.perMegabitPerSecond, 'for each Mbit/s'), '… .perMegabitPerSecond'],
    ['memory that all ffmpegs share', ...megabytes(memory.ffmpegShared, ''), 'memoryMegabytes.ffmpegShared'],
    ['memory of an ffmpeg', ...megabytes(memory.perFfmpeg, ''), 'memoryMegabytes.perFfmpeg'],
    ['', ...megabytes(memory.perMegapixelDecoded, 'for each megapixel decoded'), '… .perMegapixelDecoded'],
    ['', ...megabytes(memory.perMegapixelEncoded, 'for each megapixel encoded'), '… .perMegapixelEncoded'],
    ['a JPEG', text(jpeg.perPicture), 'kB', 'jpegKilobytes.perPicture'],
    ['', text(jpeg.perMegapixel), 'kB for each megapixel', '… .perMegapixel'],
    ['open files of camgate', text(files.camgate), '', 'openFiles.camgate'],
    ['', text(files.perCamera), 'a camera', '… .perCamera'],
    ['', text(files.perFfmpeg), 'an ffmpeg', '… .perFfmpeg'],
    ['', text(files.perViewer), 'a viewer', '… .perViewer']
  ]).map(row => row.map(cell => cell.trim())))
}

export function exampleText (coefficients: Coefficients): string {
  const need = needOf(EXAMPLE, coefficients)
  const cores = need.camgateCores + need.ffmpegCores
  return `${table(['what', 'how many', 'each, ms of one core a second', 'ms a second'], need.terms.map(({ what, count, each, formula }) => [what, String(count), `${formula} = ${text(each)}`, text(count * each)]))}

Together that is ${text(1e3 * cores)} ms a second, ${text(cores)} cores, of which camgate's own process takes ${text(need.camgateCores)}. With ${(100 * (1 - USABLE_SHARE_OF_CORE)).toFixed(0)} % kept free it takes ${text(cores)} / ${USABLE_SHARE_OF_CORE} = ${text(cores / USABLE_SHARE_OF_CORE)}, so **${need.cores} cores**;
and ${text(need.memoryMegabytes)} MB of memory, ${text(need.megabitsPerSecondIn)} Mbit/s from the cameras, ${text(need.megabitsPerSecondOut)} Mbit/s to the viewers, and ${text(need.openFiles)} open files.`
}

const PROVISIONAL = '**The machine was busy with other things; the figures are provisional.**'

const measuredText = ({ measured: { on, versions, machine, isOverloaded } }: Sizing) =>
  `Measured on ${on}: ${versions}; ${machine}.${isOverloaded ? ` ${PROVISIONAL}` : ''}`

/** What stands between the markers of each page. */
export const partsOf = (sizing: Sizing): Record<string, Record<string, string>> => ({
  'README.md': { table: `${coreTable(sizing)}${sizing.measured.isOverloaded ? `\n\n${PROVISIONAL}` : ''}` },
  'docs/sizing.md': { table: coreTable(sizing), measured: measuredText(sizing), coefficients: coefficientsTable(sizing), example: exampleText(sizing), check: checkTable(sizing), beside: besideTable(sizing) }
})

/** The page with this between its markers. Throws if it has none. */
export function filledIn (page: string, parts: Readonly<Record<string, string>>): string {
  return Object.entries(parts).reduce((text, [name, part]) => {
    const [begin, end] = [`<!-- sizing: ${name} -->`, '<!-- /sizing -->']
    const from = text.indexOf(begin)
    const to = text.indexOf(end, from)
    if (from < 0 || to < 0) throw new Error(`the page has no ${begin} … ${end}`)
    return `${text.slice(0, from + begin.length)}\n${part}\n${text.slice(to)}`
  }, page)
}

const path = (file: string) => join(packageRoot, file)
export const readSizing = (): Sizing => JSON.parse(readFileSync(path('docs/sizing.json'), 'utf8'))

export function writeSizing (sizing: Sizing): void { writeFileSync(path('docs/sizing.json'), `${JSON.stringify(sizing, null, 2)}\n`) }

export function writePages (sizing: Sizing): void {
  for (const [file, parts] of Object.entries(partsOf(sizing))) writeFileSync(path(file), filledIn(readFileSync(path(file), 'utf8'), parts))
}
