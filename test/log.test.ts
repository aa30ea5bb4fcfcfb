import t from 'tap'
import { levelOf, withSource } from '../src/log.js'

t.test('levelOf', async t => {
  t.test('takes each of the levels, in any case, and info where none is given', async t => {
    for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']) t.same(levelOf(` ${level.toUpperCase()} `), { level })
    t.same(levelOf(undefined), { level: 'info' })
  })
  t.test('says what is wrong with any other, and which there are', async t => {
    const levels = 'so camgate logs at info. Leave it out, or choose one of trace, debug, info, warn, error, fatal, silent.'
    t.same(levelOf(''), { level: 'info', problem: `LOG_LEVEL is set, but empty, ${levels}` })
    t.same(levelOf('Loud\n'), { level: 'info', problem: `LOG_LEVEL is "Loud\\n", which is no level, ${levels}` })
    t.match(levelOf('constructor'), { level: 'info', problem: /no level/ })
  })
})

t.test('a line for people tells what a camera is asked at', async t => {
  t.equal(withSource({ msg: 'Yard: starting', source: 'rtsp://10.0.0.5:554/live' }), 'Yard: starting (rtsp://10.0.0.5:554/live)')
  t.equal(withSource({ msg: 'camgate shows 1 camera' }), 'camgate shows 1 camera')
})
