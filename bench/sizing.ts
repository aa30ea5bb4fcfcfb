import { machine, today, versions } from './machine.js'
import { check, MIXED } from './sizing/check.js'
import { coefficientsOf } from './sizing/coefficients.js'
import type { Value } from './sizing/fit.js'
import { checkTable, readSizing, writePages, writeSizing } from './sizing/pages.js'
import { rowOf, type Row } from './sizing/row.js'
import { LIVE_PAGES, MORE_VIEWERS, SECONDS, session, WINDOWS, type Plan } from './sizing/session.js'
import { table } from './table.js'

/** Cameras as they are sold: H.264 with the bit rates that makers recommend, and JPEGs. */
const PLANS: readonly Plan[] = [
  { codec: 'h264', width: 640, height: 360, fps: 15, megabits: 0.8, cameras: 24, watched: 3, phases: ['nobody', 'live', 'full', 'fullByMany'] },
  { codec: 'h264', width: 1280, height: 720, fps: 15, megabits: 2, cameras: 16, watched: 2, phases: ['nobody', 'live', 'full', 'fullByMany'] },
  { codec: 'h264', width: 1920, height: 1080, fps: 15, megabits: 4, cameras: 12, watched: 1, phases: ['nobody', 'live', 'rendition', 'full', 'fullByMany'] },
  { codec: 'h264', width: 1920, height: 1080, fps: 25, megabits: 4, cameras: 12, watched: 1, phases: ['nobody', 'full'] },
  { codec: 'mjpeg', width: 640, height: 360, fps: 15, cameras: 12, watched: 3, phases: ['nobody', 'full'] },
  { codec: 'mjpeg', width: 1280, height: 720, fps: 15, cameras: 8, watched: 3, phases: ['nobody', 'full'] }
]

/** Only `pages`: makes the tables in the docs again from docs/sizing.json, and measures nothing. */
const PARTS = process.env.PARTS

/** What one camera and one viewer cost, for docs/sizing.json, and from it the tables in README.md and docs/sizing.md. */
export async function sizing (): Promise<string> {
  if (PARTS !== 'pages') {
    const rows: Row[] = []
    for (const plan of PLANS) rows.push(rowOf(plan, await session(plan)))
    const measured = await check()
    writeSizing({
      measured: { on: today(), versions: versions(), machine: machine(), isOverloaded: [...rows, measured].some(({ isOverloaded }) => isOverloaded) },
      ...coefficientsOf(rows),
      check: { installation: MIXED, measured }
    })
    writePages(readSizing())
    return report(rows)
  }
  writePages(readSizing())
  return checkTable(readSizing())
}

function report (rows: readonly Row[]): string {
  const cell = (value: Value | undefined) => value === undefined ? '' : `${percent(value.median)} ± ${percent(value.spread)}`
  const percent = (ms: number) => (ms / 10).toPrecision(2)
  return `${table([
    'camera', 'Mbit/s', 'camgate itself', 'read', 'JPEGs: camgate and a viewer', 'ffmpeg', 'rendition: camgate and a viewer', 'ffmpeg', 'a further viewer', 'a live tile', 'kB a JPEG'
  ], rows.map(({ plan, megabits, process, read, full, rendition, viewer, live, isOverloaded }) => [
    `${plan.codec} ${plan.width}x${plan.height}, ${plan.fps} fps${isOverloaded ? ' (overloaded)' : ''}`, megabits.toFixed(1), cell(process), cell(read), cell(full?.camgate),
    plan.codec === 'mjpeg' ? '' : cell(full?.ffmpeg), cell(rendition?.camgate), cell(rendition?.ffmpeg), cell(viewer), cell(live), full?.kilobytes.median.toFixed(0) ?? ''
  ]))}

Percent of one core for each camera, viewer or tile: the median of ${WINDOWS} windows of ${SECONDS} s, ± half of what lies between the lowest and the highest. Two camgates run at the same time, the second with twice as many cameras and viewers; what the second takes more while nobody watches, shared out,
is the cost of reading, and the rest is that of the process itself. The other figures are what both take more than they did before. *Further viewers* are ${MORE_VIEWERS} of one picture, *live tiles* are on ${LIVE_PAGES} WebSockets that show all cameras. Simulated cameras and viewers run in other processes, which are not counted. While more than 3 % of the pictures are skipped, windows are repeated; a row is *overloaded* if that did not help.

All together, ${MIXED.cameras} cameras of ${MIXED.width}x${MIXED.height}, ${MIXED.full.cameras} watched as MJPEG and ${MIXED.rendition.cameras} as a rendition by ${MIXED.full.viewersOfEach} viewers each, and ${MIXED.liveTiles} live tiles, as the formula of [sizing.md](sizing.md) predicts it and as it was:

${checkTable(readSizing())}`
}
