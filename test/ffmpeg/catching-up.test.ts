import { execFileSync } from 'node:child_process'
import t from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { catchUp } from '../../src/ffmpeg/filters.js'
import { askDialect } from '../../src/ffmpeg/dialect.js'
import { stdinFormatFor } from '../../src/transcode/stdin-format.js'
import { makeJpegs } from '../jpegs.js'

const ffmpeg = findFfmpeg()!
const dialect = await askDialect(ffmpeg)
const [jpeg] = makeJpegs(1) as [Buffer]
const wallAtZero = Date.now() - 100_000

/** Gives ffmpeg pictures with these times, all at once. Returns the times of those that pass. */
function passing (times: readonly number[], newest: number | undefined, args: readonly string[] = []): number[] {
  const { input, opening, header } = stdinFormatFor('mjpeg', dialect)
  const stream = Buffer.concat([opening, ...times.flatMap(at => [header(jpeg.length, at), jpeg])])
  const output = ['-vf', catchUp({ wallAtZero, newest }), ...dialect.passthrough, '-c:v', 'mjpeg', '-f', 'framecrc', 'pipe:1']
  const rows = execFileSync(ffmpeg, ['-v', 'error', ...args, ...input, '-i', 'pipe:0', ...output], { input: stream, stdio: ['pipe', 'pipe', 'inherit'] }).toString()
  const [, numerator, denominator] = /#tb 0: (\d+)\/(\d+)/.exec(rows)!.map(Number)
  return [...rows.matchAll(/^0, +-?\d+, +(-?\d+),/gm)].map(([, pts]) => Math.round(Number(pts) * numerator! / denominator! * 1_000))
}

t.test('an ffmpeg that catches up', async t => {
  const group = [60_000, 70_000, 80_000, 90_000, 99_000]
  t.test('leaves out old pictures, but not one that is younger than the time between two', async t => {
    t.same(passing(group, 99_000), [99_000])
    t.same(passing(group, undefined), [60_000, 99_000], 'it has no way to know about the first')
    t.same(passing([99_000], 99_000), [99_000])
  })
  t.test('leaves out pictures from before its start, and none of those that come later', async t => {
    t.same(passing([...group, 200_000, 200_010], 200_000), [200_000, 200_010])
  })
  t.test('leaves out none if it decodes as fast as they come', async t => {
    t.same(passing([50_000, 50_200, 50_400, 50_600], undefined, ['-re']).slice(-2), [50_400, 50_600])
  })
  t.test('leaves out none if the wall clock was set back', async t => {
    t.same(passing([200_000, 200_050, 200_100], undefined), [200_000, 200_050, 200_100])
  })
})
