// The output of `npm test`: a line per file, failures in full, and finally a summary of the failures and the total, which CI reads.
import { existsSync, rmSync } from 'node:fs'
import { relative } from 'node:path'
import { Transform } from 'node:stream'
import { Parser } from 'tap-parser'
import { SAID, searchSaid } from './e2e/leaks.mjs'
import { Verdict } from './verdict.mjs'

const BATCH = /^test\/units\//

export default class Reporter extends Transform {
  #tap = new Parser()
  #verdict = new Verdict()

  constructor () {
    super()
    rmSync(SAID, { recursive: true, force: true })
    this.#followFiles(this.#tap)
    this.#tap.on('bailout', reason => { this.#verdict.fail('Bail out', reason) })
  }

  /** The files are tap's own, or those in a batch (test/units/batch.mjs). */
  #followFiles (tap) {
    tap.on('child', file => {
      const name = relative('.', file.name)
      if (BATCH.test(name)) this.#followFiles(file)
      else this.#follow(file, name, [])
    })
    tap.on('assert', ({ ok, name, time, skip }) => {
      const verdict = skip ? 'skip' : ok ? 'ok  ' : 'FAIL'
      const file = relative('.', name)
      const explained = BATCH.test(file) && this.#verdict.failed > 0 // by a file in it
      if (!ok && !skip && !explained) this.#verdict.failFile(file)
      this.push(`${verdict} ${file}${time ? ` ${(time / 1000).toFixed(1)} s` : ''}${typeof skip === 'string' ? `: ${skip}` : ''}\n`)
    })
  }

  /** Counts assertions, without those that sum up a subtest. */
  #follow (test, file, path) {
    let subtest = false
    test.on('child', child => {
      subtest = true
      this.#follow(child, file, [...path, child.name])
    })
    test.on('assert', ({ ok, name, skip, todo, diag }) => {
      const sum = subtest
      const full = [...path, name].join(' > ')
      subtest = false
      if (skip || todo) {
        this.#verdict.skipped++
        this.push(`SKIPPED ${full}${typeof skip === 'string' ? `: ${skip}` : ''}\n`)
      } else if (!sum) {
        if (ok) return this.#verdict.passed++
        this.#verdict.fail(file, full)
        this.push(`\nNOT OK ${full}\n${JSON.stringify(diag, null, 2)?.replaceAll('\\n', '\n')}\n\n`)
      }
    })
  }

  _transform (chunk, _encoding, done) {
    this.#tap.write(chunk)
    done()
  }

  /** One assertion about all output of the services in this run. */
  #lookForCredentials () {
    if (!existsSync(SAID)) return
    const { files, bytes, leaks } = searchSaid()
    const what = `no credential in the ${bytes} bytes of ${files} files of logs, answers, errors and process lists`
    this.push(`${leaks.length === 0 ? 'ok  ' : 'FAIL'} ${what}\n`)
    for (const { file, offset, text } of leaks.slice(0, 10)) this.push(`\nNOT OK ${relative('.', file)}, byte ${offset}: ${JSON.stringify(text)}\n`)
    if (leaks.length === 0) this.#verdict.passed++
    else {
      this.#verdict.fail('test/e2e/leaks.mjs', what)
      process.exitCode = 1
    }
  }

  _flush (done) {
    this.#tap.end()
    if (!this.#tap.ok && this.#verdict.failed === 0) this.#verdict.fail('npm test', 'tap did not end well')
    this.#lookForCredentials()
    this.push(`\n${this.#verdict.lines().join('\n')}\n`)
    done()
  }
}
