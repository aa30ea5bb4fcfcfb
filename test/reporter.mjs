// How `npm test` speaks: a line per file, what failed in full, and at the end the plain total that CI reads.
import { existsSync, rmSync } from 'node:fs'
import { relative } from 'node:path'
import { Transform } from 'node:stream'
import { Parser } from 'tap-parser'
import { SAID, searchSaid } from './e2e/leaks.mjs'

export default class Reporter extends Transform {
  #tap = new Parser()
  #passed = 0
  #failed = 0
  #skipped = 0

  constructor () {
    super()
    rmSync(SAID, { recursive: true, force: true })
    this.#tap.on('child', file => this.#follow(file, []))
    this.#tap.on('assert', ({ ok, name, time, skip }) => {
      const verdict = skip ? 'skip' : ok ? 'ok  ' : 'FAIL'
      this.push(`${verdict} ${relative('.', name)}${time ? ` ${(time / 1000).toFixed(1)} s` : ''}${typeof skip === 'string' ? `: ${skip}` : ''}\n`)
    })
    this.#tap.on('bailout', reason => { this.#failed++; this.push(`Bail out: ${reason}\n`) })
  }

  /** Counts the assertions proper: those that are no subtest's sum. */
  #follow (test, path) {
    let subtest = false
    test.on('child', child => {
      subtest = true
      this.#follow(child, [...path, child.name])
    })
    test.on('assert', ({ ok, name, skip, todo, diag }) => {
      const sum = subtest
      subtest = false
      if (skip || todo) {
        this.#skipped++
        this.push(`SKIPPED ${[...path, name].join(' > ')}${typeof skip === 'string' ? `: ${skip}` : ''}\n`)
      } else if (!sum) {
        ok ? this.#passed++ : this.#failed++
        if (!ok) this.push(`\nNOT OK ${[...path, name].join(' > ')}\n${JSON.stringify(diag, null, 2)?.replaceAll('\\n', '\n')}\n\n`)
      }
    })
  }

  _transform (chunk, _encoding, done) {
    this.#tap.write(chunk)
    done()
  }

  /** One assertion about all that the service has said in this run. */
  #lookForCredentials () {
    if (!existsSync(SAID)) return
    const { files, bytes, leaks } = searchSaid()
    const verdict = leaks.length === 0 ? 'ok  ' : 'FAIL'
    this.push(`${verdict} no credential in the ${bytes} bytes of ${files} files of logs, answers, errors and process lists\n`)
    for (const { file, offset, text } of leaks.slice(0, 10)) this.push(`\nNOT OK ${relative('.', file)}, byte ${offset}: ${JSON.stringify(text)}\n`)
    leaks.length === 0 ? this.#passed++ : this.#failed++
    if (leaks.length > 0) process.exitCode = 1
  }

  _flush (done) {
    this.#tap.end()
    if (!this.#tap.ok && this.#failed === 0) this.#failed++ // a file that died says so only in its own line
    this.#lookForCredentials()
    this.push(`\n${this.#skipped ? `${this.#skipped} skipped, for what it says above\n` : ''}${this.#passed} passed, ${this.#failed} failed\n`)
    done()
  }
}
