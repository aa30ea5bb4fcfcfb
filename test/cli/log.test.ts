import t from 'tap'
import { levelOf, withSource } from '../../src/cli/log.js'

t.test('levelOf', async t => {
  t.test('accepts each level in upper or lower case, and returns info by default', async t => {
    for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']) t.same(levelOf(` ${level.toUpperCase()} `), { level })
    t.same(levelOf(undefined), { level: 'info' })
  })
  t.test('describes the problem with any other, and lists the levels', async t => {
    const levels = 'so camgate logs at info. Leave it out, or choose one of trace, debug, info, warn, error, fatal, silent.'
    t.same(levelOf(''), { level: 'info', problem: `LOG_LEVEL is set, but empty, ${levels}` })
    t.same(levelOf('Loud\n'), { level: 'info', problem: `LOG_LEVEL is "Loud\\n", which is not a level, ${levels}` })
    t.match(levelOf('constructor'), { level: 'info', problem: /not a level/ })
  })
})

t.test('a line on a terminal ends with the camera\'s address', async t => {
  t.equal(withSource({ msg: 'Yard: starting', source: 'rtsp://10.0.0.5:554/live' }), 'Yard: starting (rtsp://10.0.0.5:554/live)')
  t.equal(withSource({ msg: 'camgate shows 1 camera' }), 'camgate shows 1 camera')
})
