import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { verifyPassword } from '../../src/logins/password.js'
import { makePasswordHash } from '../../src/cli/password.js'
import { parseDocument } from 'yaml'

/** Runs it with these keys or lines as its input. */
async function run (typed: string | Buffer, isTTY: boolean) {
  const raw: boolean[] = []
  const stdin = Object.assign(new PassThrough(), { isTTY, setRawMode (mode: boolean) { raw.push(mode) } })
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  let interrupts = 0
  const done = makePasswordHash({ stdin, stdout, stderr, json: false }, () => { interrupts++ }).then(() => undefined, error => error as Error)
  stdin.end(typed)
  const error = await done
  stdout.end()
  stderr.end()
  return { error, raw, interrupts, stdout: await text(stdout), stderr: await text(stderr) }
}

t.test('camgate password', async t => {
  t.test('asks twice on a terminal, without echo, and prints the hash alone', async t => {
    const { error, raw, stdout, stderr } = await run('korrekt höchst\rkorrekt höchst\r', true)
    t.equal(error, undefined)
    t.match(stdout, /^\$scrypt\$\S+\n$/)
    t.equal(await verifyPassword('korrekt höchst', stdout.trim()), true)
    t.match(stderr, /^Password: \nThe same again: \n/)
    t.notMatch(stdout + stderr, /korrekt/)
    t.same(raw, [true, false], 'the terminal is left as it was')
    const yaml = stderr.slice(stderr.indexOf('server:'))
    t.same(parseDocument(yaml).toJS(), { server: { auth: { users: { NAME: { password: stdout.trim(), right: 'view', cameras: 'all' } } } } })
  })
  t.test('takes corrections while it is typed', async t => {
    const { stdout } = await run('wrong\x15sekrex\x7ft\rsekret\r', true)
    t.equal(await verifyPassword('sekret', stdout.trim()), true)
  })
  t.test('refuses two that differ, and none', async t => {
    t.match((await run('one\rtwo\r', true)).error, { code: 'USAGE', message: /differ/ })
    t.match((await run('\r\r', true)).error, { code: 'USAGE', message: /empty/ })
    t.match((await run('\x04', true)).error, { code: 'USAGE', message: /empty/ }, 'Ctrl+D')
  })
  t.test('ends at Ctrl+C', async t => {
    const { interrupts, stdout } = await run('sek\x03', true)
    t.equal(interrupts, 1)
    t.equal(stdout, '')
  })
  t.test('reads one line from a pipe', async t => {
    for (const input of ['sekret', 'sekret\n', 'sekret\r\n', 'sekret\nand more\n']) {
      const { stdout, stderr } = await run(input, false)
      t.equal(await verifyPassword('sekret', stdout.trim()), true, JSON.stringify(input))
      t.notMatch(stderr, /Password: |again|sekret/)
    }
    t.equal(await verifyPassword(' a b ', (await run(' a b \n', false)).stdout.trim()), true, 'spaces are part of it')
    t.match((await run('', false)).error, { code: 'USAGE', message: /docker run -it/ })
    t.match((await run('sek\0ret\n', false)).error, { code: 'USAGE', message: /control characters/ })
  })
})
