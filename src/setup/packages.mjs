// Installs npm packages. Serving needs a seventh of them, which install in a quarter of the time.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { at, run, step } from './run.mjs'

const STAMP = 'node_modules/.camgate'

const lockHash = () => createHash('sha256').update(readFileSync(at('package-lock.json'))).digest('hex')
const stamped = () => existsSync(at(STAMP)) ? readFileSync(at(STAMP), 'utf8').split(' ') : []

/** Whether all packages are installed, including those for tests and for type checks. */
export const hasTestPackages = () => stamped()[0] === 'all'

/** Whether the packages of this package-lock.json are installed. */
export function hasPackages (/** @type {boolean} */ tests) {
  const [which, hash] = stamped()
  return hash === lockHash() && (which === 'all' || !tests)
}

/** When the lock file changes, the tests' packages are kept if they are installed. */
export async function installPackages (/** @type {boolean} */ tests, /** @type {boolean} */ scripts) {
  if (hasPackages(tests)) return
  const all = tests || hasTestPackages()
  await step(`installed the packages${all ? ', those for tests included' : ''}`, async () => {
    // Includes optional packages, whatever NODE_ENV is. The only install script that matters is ffmpeg-static's, which downloads ffmpeg.
    const which = [all ? '--include=dev' : '--omit=dev', '--include=optional', ...scripts ? [] : ['--ignore-scripts']]
    await run('npm', ['ci', ...which, '--no-audit', '--no-fund', '--loglevel=error'], 'The packages could not be installed')
    writeFileSync(at(STAMP), `${all ? 'all' : 'serving'} ${lockHash()}`)
  })
}
