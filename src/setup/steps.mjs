// Sets up a fresh clone. Plain JavaScript without dependencies, because it runs before they are installed.
import { compile, isCompiled } from './compile.mjs'
import { aptInstall, checkFfmpeg, wantsDebianFfmpeg } from './ffmpeg.mjs'
import { hasPackages, installPackages } from './packages.mjs'
import { say, SetupError } from './run.mjs'

/**
 * Installs everything that serving needs and, with `tests`, the packages that only tests need. `withPackages` runs beside the compiler
 * once they are installed. If something cannot be installed, it prints what to do and exits.
 */
export async function setUp ({ tests = false, withPackages = async () => {} } = {}) {
  try {
    checkNode()
    const lacksFfmpeg = wantsDebianFfmpeg()
    if (!hasPackages(tests) || !isCompiled() || lacksFfmpeg) say('setting up; the first time, this takes about half a minute')
    await bothOf(
      installPackages(tests, !lacksFfmpeg).then(() => bothOf(compile(), withPackages())),
      lacksFfmpeg ? aptInstall(['ffmpeg']) : Promise.resolve()
    )
    await checkFfmpeg()
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  }
}

export function checkNode (version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  throw new SetupError(`Node.js ${version} is too old: install 20.19 or newer, for instance from nodejs.org.`)
}

/** Waits for both even if one fails. */
async function bothOf (/** @type {Promise<void>[]} */ ...steps) {
  for (const result of await Promise.allSettled(steps)) if (result.status === 'rejected') throw result.reason
}
