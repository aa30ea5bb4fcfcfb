import t from 'tap'
import { percentOf, qscaleOf } from '../../src/sources/quality.js'

t.test('qscaleOf', async t => {
  t.test('is the -q:v with photographs of about the same size and error, as measured', async t => {
    // Percent, and what ffmpeg 5.1 needed for the same size and for the same PSNR: the range over two photographs, clean and from H.264.
    const measured: Array<[number, number, number]> = [
      [95, 2, 2], [90, 2, 2], [85, 2, 3], [80, 3, 3], [75, 3, 4], [70, 3, 4], [60, 5, 6], [50, 6, 7], [40, 7, 8], [30, 9, 11], [20, 14, 18]
    ]
    for (const [percent, least, most] of measured) {
      const q = qscaleOf(percent)
      t.ok(q >= least && q <= most, `${percent} % is ${q}, measured ${least} to ${most}`)
    }
  })
  t.test('stays within ffmpeg\'s scale, and never improves with a smaller percentage', async t => {
    t.same([qscaleOf(100), qscaleOf(1)], [2, 31])
    for (let percent = 2; percent <= 100; percent++) t.ok(qscaleOf(percent) <= qscaleOf(percent - 1), `${percent}`)
  })
})

t.test('percentOf is the inverse, except for rounding', async t => {
  for (let q = 2; q <= 31; q++) t.ok(Math.abs(qscaleOf(percentOf(q)) - q) <= 1, `${q}`)
  t.same([percentOf(2), percentOf(5), percentOf(31)], [84, 60, 10])
})
