import t from 'tap'
import { execLabel, execFailure, normalizeExec } from '../../src/sources/exec.js'

const source = normalizeExec({ type: 'exec', command: ['./grab', '--key', 'hunter2'] }, '/etc/camgate')

t.test('a command', async t => {
  t.test('is a program with arguments, which stay secret', async t => {
    t.same(source.command, ['/etc/camgate/grab', '--key', 'hunter2'])
    t.equal(normalizeExec({ type: 'exec', command: ['ffmpeg'] }, '/x').command[0], 'ffmpeg', 'one without a slash is looked for in PATH')
    t.equal(execLabel(source), 'command grab')
  })
  t.test('has a program', async t => {
    for (const command of [[''], []]) t.throws(() => normalizeExec({ type: 'exec', command }, '/'), { code: 'SOURCE', message: /the first of the list is the program/ })
    t.throws(() => normalizeExec({ type: 'exec', command: ['a', 'b\0'] }, '/'), { code: 'SOURCE', message: /NUL/ })
  })
  t.test('gets a sentence for its end', async t => {
    const failureOf = (end: object) => execFailure(source, { code: null, signal: null, stderr: [], ...end })
    t.match(failureOf({ spawnError: 'ENOENT' }), { code: 'no-program', message: /no program grab.*PATH/ })
    t.match(failureOf({ spawnError: 'EACCES' }), { code: 'not-permitted', message: /chmod \+x/ })
    t.match(failureOf({ spawnError: 'EMFILE' }), { code: 'exited', message: /grab cannot be started \(EMFILE\)/ })
    t.match(failureOf({ code: 3, stderr: ['first', 'no camera.', ' '] }), { code: 'exited', message: 'The command grab ended with code 3: no camera.' })
    t.match(failureOf({ signal: 'SIGSEGV' }), { message: 'The command grab ended by SIGSEGV.' })
    t.notMatch(JSON.stringify(failureOf({ code: 1 })), /hunter2/)
  })
})
