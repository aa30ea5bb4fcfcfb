import t from 'tap'
import { faultSyntax, parseFault } from '../../src/faults/fault-syntax.js'

t.test('a fault on the command line', async t => {
  t.test('is each kind of fault', async t => {
    for (const kind of ['refuse', 'silent', 'unauthorized', 'not-found', 'busy']) t.same(parseFault(kind), { kind })
    for (const kind of ['stall', 'cut', 'garbage', 'codec']) t.same(parseFault(`${kind}:2.5`), { kind, after: 2.5 })
    t.same(parseFault('resize:0:640x360'), { kind: 'resize', after: 0, width: 640, height: 360 })
    t.same(parseFault('corrupt:0:10'), { kind: 'corrupt', after: 0, every: 10 })
    t.same(parseFault('clock:5:3600'), { kind: 'clock', every: 5, by: 3600 })
    t.same(parseFault('away:20:10'), { kind: 'away', up: 20, down: 10 })
  })
  t.test('may be as large as the camera can draw, unlike in a file', async t => {
    t.same(parseFault('resize:100000:3840x2160'), { kind: 'resize', after: 100_000, width: 3840, height: 2160 })
  })
  t.test('is spelled in usage texts as the schema orders its parameters', async t => {
    t.equal(faultSyntax, 'refuse, silent, unauthorized, not-found, busy, stall:AFTER, cut:AFTER, garbage:AFTER, ' +
      'corrupt:AFTER:NTH, resize:AFTER:WIDTHxHEIGHT, codec:AFTER, clock:EVERY:BY or away:UP:DOWN, with times in seconds')
  })
  t.test('is rejected with a list of the faults', async t => {
    for (const text of ['', 'stal:5', 'stall', 'stall:', 'stall:-1', 'stall:1:2', 'refuse:1', 'resize:1', 'resize:1:640', 'resize:1:2:640x360',
      'away:1', 'away:0:1', 'away:1:2:3', 'corrupt:1', 'corrupt:1:0', 'corrupt:1:1.5', 'clock:1', 'clock:0:5', 'codec']) {
      t.throws(() => parseFault(text), { code: 'USAGE', message: /expected refuse, .*stall:AFTER/ }, text)
    }
  })
})
