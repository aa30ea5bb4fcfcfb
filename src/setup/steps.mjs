// What a fresh clone lacks, and how it gets it. Plain JavaScript without dependencies: it runs before there are any.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installCommand, isDebianRoot } from './system.mjs'

export const root = fileURLToPath(new URL('../..', import.meta.url))
const at = (/** @type {string[]} */ ...parts) => join(root, ...parts)

/** Ends the set-up with a text for the person in front of it. */
export class SetupError extends Error {}

/** Set-up talks on stderr: stdout is the log's. */
export const say = (/** @type {string} */ text) => process.stderr.write(`camgate: ${text}\n`)

/** All that serving needs. What cannot be had ends the process, with a text that says what to do. */
export async function setUp () {
  try {
    checkNode()
    installPackages()
    compile()
    await installFfmpeg()
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  }
}

/** Runs a program in the clone; throws SetupError with `what` when it fails. */
export function run (/** @type {string} */ program, /** @type {string[]} */ args, /** @type {string} */ what) {
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' })
  if (status !== 0) throw new SetupError(`${what}: ${error?.message ?? `${program} ${args.join(' ')} failed (${status})`}`)
}

/** Runs `make` unless the stamp in `file` says that it was done for just these contents. */
function unlessDone (/** @type {string} */ file, /** @type {string[]} */ inputs, /** @type {() => void} */ make) {
  const hash = createHash('sha256')
  for (const input of inputs) hash.update(input).update('\0').update(readFileSync(at(input))).update('\0')
  const wanted = hash.digest('hex')
  if (existsSync(at(file)) && readFileSync(at(file), 'utf8') === wanted) return
  make()
  writeFileSync(at(file), wanted)
}

export function checkNode (version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  throw new SetupError(`Node.js ${version} is too old: install 20.19 or newer, for instance from nodejs.org.`)
}

export function installPackages () {
  unlessDone('node_modules/.camgate', ['package-lock.json'], () => {
    say('installing packages (once, about a minute)')
    // Optional ones too, and those that compile: whatever NODE_ENV says.
    run('npm', ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'], 'The packages could not be installed')
  })
}

export function compile () {
  const sources = readdirSync(at('src'), { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts')).sort()
  unlessDone('dist/.camgate', ['package-lock.json', 'tsconfig.json', 'src/tsconfig.json', ...sources.map(file => `src/${file}`)], () => {
    say('compiling')
    rmSync(at('dist'), { recursive: true, force: true })
    run(process.execPath, [at('node_modules/typescript/bin/tsc'), '-p', 'src'], 'camgate could not be compiled')
  })
}

/** Looks as camgate itself does. */
export async function installFfmpeg () {
  const { findFfmpeg } = await import('../../dist/ffmpeg/binary.js')
  if (findFfmpeg()) return
  if (!isDebianRoot()) throw new SetupError(`ffmpeg is missing. Install it with\n\n  ${installCommand('ffmpeg')}\n\nor set FFMPEG_PATH, and start again.`)
  aptInstall(['ffmpeg'])
  if (!findFfmpeg()) throw new SetupError('apt-get has installed ffmpeg, but it cannot be found: set FFMPEG_PATH.')
}

/** Debian's packages; as root only. Those whose files were lost are brought back, too. */
export function aptInstall (/** @type {string[]} */ packages) {
  say(`installing ${packages.join(', ')} with apt-get, because you are root on Debian or Ubuntu`)
  const wait = ['-o', 'DPkg::Lock::Timeout=300', '-qq']
  run('apt-get', [...wait, 'update'], 'apt-get has no list of packages')
  run('env', ['DEBIAN_FRONTEND=noninteractive', 'apt-get', ...wait, 'install', '-y', '--reinstall', '--no-install-recommends', ...packages], 'apt-get could not install')
}
