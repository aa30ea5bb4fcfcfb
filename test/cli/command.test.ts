import { PassThrough } from 'node:stream'
import t from 'tap'
import { answer } from '../../src/cli/command.js'

t.test('a command\'s answer has lines, and nothing that moves a cursor', async t => {
  const stdout = new PassThrough().setEncoding('utf8')
  answer({ json: false, stdout }, 'one\u001b[2J\r\ntwo\u202e\n', {})
  t.equal(stdout.read(), 'one[2J\ntwo\n')
  answer({ json: true, stdout }, '', { name: '\u001b' })
  t.equal(stdout.read(), '{\n  "name": "\\u001b"\n}\n')
})
