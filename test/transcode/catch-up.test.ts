import t from 'tap'
import { CatchUp, type Candidate } from '../../src/transcode/catch-up.js'

const old = { ageMs: 400, newest: false, settled: false }

function catchingUp () {
  const catchUp = new CatchUp()
  /** Whether it shows a JPEG at this time. */
  const shows = (candidate: Candidate, now = 0) => catchUp.shows(candidate, 1_000, now)
  return { catchUp, shows }
}

t.test('a catch-up', async t => {
  t.test('hides old JPEGs up to the first fresh one', async t => {
    const { catchUp, shows } = catchingUp()
    t.equal(shows(old), false)
    t.equal(shows({ ...old, ageMs: 61 }), false)
    t.equal(shows({ ...old, ageMs: 60 }), true)
    t.equal(shows(old), true, 'it has ended')
    t.equal(catchUp.isOn, false)
    catchUp.begin()
    t.equal(catchUp.isOn, true)
    t.equal(shows(old), false)
  })
  t.test('shows the newest picture, however old it is', async t => {
    t.equal(catchingUp().shows({ ...old, newest: true, ageMs: 8_000 }), true)
  })
  t.test('shows old pictures if ffmpeg could have caught up, because it reorders them or is slow', async t => {
    const { catchUp, shows } = catchingUp()
    const settled = { ...old, settled: true }
    t.equal(shows(old, 100), false)
    t.equal(shows(settled, 350), false)
    t.equal(shows(old, 549), false)
    t.equal(shows({ ...old, ageMs: 1_001 }, 550), false)
    t.equal(shows(old, 550), true)
    t.equal(catchUp.isOn, false)
  })
  t.test('is not needed to hide a picture that is too old, unless that is the newest', async t => {
    const { catchUp, shows } = catchingUp()
    t.equal(shows({ ...old, ageMs: 20 }), true)
    t.equal(shows({ ...old, ageMs: 1_000 }), true)
    t.equal(shows({ ...old, ageMs: 1_001 }), false)
    t.equal(shows({ ...old, ageMs: 1_001, newest: true }), true)
    t.equal(catchUp.isOn, false)
  })
  t.test('shows pictures of unknown age only after that', async t => {
    const { shows } = catchingUp()
    const unknown = { ageMs: undefined, newest: false, settled: true }
    t.same([0, 100, 200].map(now => shows(unknown, now)), [false, false, true])
  })
})
