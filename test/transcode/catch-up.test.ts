import t from 'tap'
import { CatchUp, type Candidate } from '../../src/transcode/catch-up.js'

const old = { ageMs: 400, newest: false, idle: false }

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
  t.test('shows an old picture of an ffmpeg that has long been idle, because it reorders them', async t => {
    const { catchUp, shows } = catchingUp()
    const idle = { ...old, idle: true }
    t.equal(shows(idle, 100), false)
    t.equal(shows(old, 250), false)
    t.equal(shows(idle, 350), false)
    t.equal(shows(idle, 549), false)
    t.equal(shows({ ...idle, ageMs: 1_001 }, 550), false, 'too old')
    t.equal(shows(idle, 550), true)
    catchUp.begin()
    t.equal(shows(idle, 800), false)
  })
  t.test('shows pictures of unknown age only after that', async t => {
    const { shows } = catchingUp()
    const unknown = { ageMs: undefined, newest: false, idle: true }
    t.same([0, 100, 200].map(now => shows(unknown, now)), [false, false, true])
  })
})
