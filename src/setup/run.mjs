// Runs programs for the setup, and prints one line per step.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))
export const at = (/** @type {string[]} */ ...parts) => join(root, ...parts)

/** Ends the setup with a message for the user. */
export class SetupError extends Error {}

/** The setup writes to stderr, because stdout is for the log. */
export const say = (/** @type {string} */ text) => process.stderr.write(`camgate: ${text}\n`)

/** Runs one step and prints what it did, with its seconds. */
export async function step (/** @type {string} */ done, /** @type {() => Promise<unknown>} */ work) {
  const began = performance.now()
  await work()
  say(`${done} (${((performance.now() - began) / 1000).toFixed(1)} s)`)
}

/**
 * Runs a program in the clone and hides its output.
 *
 * @param {string} failure the sentence if it fails
 * @throws {SetupError} with all of the output
 */
export async function run (/** @type {string} */ program, /** @type {string[]} */ args, failure, cwd = root) {
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', text => { output += text })
  const status = await new Promise(resolve => child.on('close', resolve).on('error', ({ message }) => { output += message }))
  if (status !== 0) throw new SetupError(`${output}\n${failure}: ${program} ${args.join(' ')} failed (${status}).`)
}
