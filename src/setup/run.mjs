// Runs a program for the set-up, and reports each step in one line.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))
export const at = (/** @type {string[]} */ ...parts) => join(root, ...parts)

/** Ends the set-up with a text for the person in front of it. */
export class SetupError extends Error {}

/** The set-up writes to stderr: stdout belongs to the log. */
export const say = (/** @type {string} */ text) => process.stderr.write(`camgate: ${text}\n`)

/** Runs one step and prints what it did, with its seconds. */
export async function step (/** @type {string} */ done, /** @type {() => Promise<unknown>} */ work) {
  const began = performance.now()
  await work()
  say(`${done} (${((performance.now() - began) / 1000).toFixed(1)} s)`)
}

/**
 * Runs a program in the clone without showing its output.
 *
 * @param {string} failure what the reader is told if it fails
 * @throws {SetupError} which then shows all of the output
 */
export async function run (/** @type {string} */ program, /** @type {string[]} */ args, failure, cwd = root) {
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', text => { output += text })
  const status = await new Promise(resolve => child.on('close', resolve).on('error', ({ message }) => { output += message }))
  if (status !== 0) throw new SetupError(`${output}\n${failure}: ${program} ${args.join(' ')} failed (${status}).`)
}
