import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import t from 'tap'
import { libc } from '../../src/libc.js'
import { limitMemory } from '../../src/processes/memory-limit.js'

t.test('the memory of a process', { skip: !libc && 'NOT TESTED: koffi is not there, or this is not Linux' }, async t => {
  const child = spawn('cat', { stdio: ['pipe', 'ignore', 'ignore'] })
  t.ok(limitMemory(child.pid!, 2 ** 32))
  t.match(readFileSync(`/proc/${child.pid}/limits`, 'utf8'), /^Max data size +4294967296 +4294967296 +bytes/m)
  child.stdin.end()
  await once(child, 'close')
  t.notOk(limitMemory(child.pid!, 2 ** 32), 'false once the process is gone')
})
