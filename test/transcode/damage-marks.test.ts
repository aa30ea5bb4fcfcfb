import t from 'tap'
import { DamageMarks } from '../../src/transcode/damage-marks.js'

/** Pictures of 100 bytes, 50 ms apart; those with a "!" are damaged. */
function written (pictures: string) {
  const marks = new DamageMarks()
  for (const [index, sign] of [...pictures].entries()) marks.write(50 * index, 100 * index, sign === '!')
  return marks
}

t.test('a JPEG', async t => {
  t.test('is marked if the picture with the announced time or position is damaged', async t => {
    for (const announce of [(marks: DamageMarks, index: number) => marks.announceTime(50 * index), (marks: DamageMarks, index: number) => marks.announcePosition(100 * index + 40)]) {
      const marks = written('..!!.')
      for (let index = 0; index < 5; index++) announce(marks, index)
      t.same([0, 1, 2, 3, 4].map(() => marks.next().damaged), [false, false, true, true, false])
    }
  })
  t.test('may be one of few, and may come in another order than the pictures', async t => {
    const marks = written('.!.!....')
    for (const index of [4, 1, 7, 5]) {
      marks.announceTime(50 * index)
      t.equal(marks.next().damaged, index === 1)
    }
  })
  t.test('that arrives before its announcement is marked if a damaged picture has not come out yet', async t => {
    const clean = written('..')
    t.equal(clean.next().damaged, false)
    clean.announceTime(0)
    clean.announceTime(50)
    t.equal(clean.next().damaged, false)
    const marks = written('!!..')
    for (const at of [0, 50]) {
      marks.announceTime(at)
      t.equal(marks.next().damaged, true)
    }
    t.equal(marks.next().damaged, false, 'all that were damaged are out')
    marks.announceTime(100)
    marks.write(200, 400, true)
    t.equal(marks.next().damaged, true)
    marks.announceTime(150)
    marks.announceTime(200)
    t.equal(marks.next().damaged, true, 'the late announcement does not belong to the next one')
  })
  t.test('that is announced by an unknown picture is marked if any picture is damaged', async t => {
    const marks = written('.!.')
    marks.announcePosition(NaN)
    t.equal(marks.next().damaged, true)
    marks.announceTime(50)
    marks.announceTime(7)
    t.same([marks.next().damaged, marks.next().damaged], [true, false])
  })
  t.test('is marked if one of two pictures of the same millisecond is damaged', async t => {
    const marks = written('')
    marks.write(5, 0, true)
    marks.write(5, 100, false)
    marks.announceTime(5)
    t.equal(marks.next().damaged, true)
  })
  t.test('of an ffmpeg that announces nothing is marked as long as damaged pictures may be inside', async t => {
    const marks = written('!')
    const seen = Array.from({ length: 140 }, (_, index) => {
      marks.write(50 * index, 100 * index, false)
      return marks.next().damaged
    })
    t.equal(seen.lastIndexOf(true), 126)
    t.ok(seen.slice(0, 127).every(Boolean))
  })
  t.test('has the time of its picture, once it is announced', async t => {
    const marks = written('...')
    marks.announceTime(50)
    marks.announcePosition(250)
    t.same([1, 2, 3].map(() => marks.next().at), [50, 100, undefined])
  })
  t.test('is not confused with one that was dropped long before', async t => {
    const marks = written('!' + '.'.repeat(20))
    marks.announceTime(1_000)
    marks.next()
    t.equal(marks.next().damaged, false)
  })
})
