#!/usr/bin/env node
import { EXIT } from './cli/exit.js'
import { dispatch } from './commands/dispatch.js'
import { messageOf } from './errors.js'

/** A closed pipe is no failure: `head` closes it when it has read enough. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return
  process.exitCode = EXIT.output
  process.stderr.write(`camgate cannot write to its standard output: ${error.code === 'ENOSPC' ? 'the disk is full' : messageOf(error)}.\n`)
})
process.stderr.on('error', () => {})

const { stdin, stdout, stderr, env } = process
const { code, failed } = await dispatch(process.argv.slice(2), { stdin, stdout, stderr, env })
if (failed) process.exit(code)
if (code) process.exitCode = code
