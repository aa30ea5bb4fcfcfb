// Compiles TypeScript into dist/. Serving needs the compiler only once, so it is installed into a temporary folder and removed: esbuild, which takes
// a fraction of the time of TypeScript's own, and checks no types.
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { bundle } from './bundle.mjs'
import { hasTestPackages } from './packages.mjs'
import { at, run, SetupError, step } from './run.mjs'

const STAMP = 'dist/.camgate'
const FAILURE = 'camgate could not be compiled'

const sources = () => readdirSync(at('src'), { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts')).sort()
const pageSources = () => readdirSync(at('src/dashboard'), { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.js')).sort()

/** Identifies everything that the compiler reads, and whether it checks types. */
function wantedStamp (/** @type {boolean} */ checked) {
  const hash = createHash('sha256')
  for (const input of ['package-lock.json', 'tsconfig.json', 'src/tsconfig.json', 'src/setup/bundle.mjs', ...sources().map(file => `src/${file}`), ...pageSources().map(file => `src/dashboard/${file}`)]) {
    hash.update(input).update('\0').update(readFileSync(at(input))).update('\0')
  }
  return `${checked ? 'checked' : 'unchecked'} ${hash.digest('hex')}`
}

/** Whether dist/ was compiled from these sources. */
export function isCompiled () {
  if (!existsSync(at(STAMP))) return false
  const stamp = readFileSync(at(STAMP), 'utf8')
  return stamp === wantedStamp(true) || (stamp === wantedStamp(false) && !hasTestPackages())
}

/** Checks types as well if the tests' packages, which contain them all, are installed. */
export async function compile () {
  if (isCompiled()) return
  await step('compiled', async () => {
    const checked = hasTestPackages()
    rmSync(at('dist'), { recursive: true, force: true })
    await (checked ? compileChecked() : compileUnchecked())
    writeFileSync(at(STAMP), wantedStamp(checked))
  })
}

const importOf = async (/** @type {string} */ modules) => await import(pathToFileURL(join(modules, 'esbuild/lib/main.js')).href)

async function compileChecked () {
  await run(process.execPath, [at('node_modules/typescript/bin/tsc'), '-p', 'src'], FAILURE)
  await bundle(await importOf(at('node_modules')))
}

async function compileUnchecked () {
  const folder = mkdtempSync(join(tmpdir(), 'camgate-compiler-'))
  try {
    await installCompiler(folder)
    const { default: esbuild } = await importOf(join(folder, 'node_modules'))
    const entryPoints = sources().filter(file => !file.startsWith('view/')).map(file => at('src', file))
    await esbuild.build({ entryPoints, outbase: at('src'), outdir: at('dist'), format: 'esm', sourcemap: true, tsconfig: at('src/tsconfig.json'), logLevel: 'silent' })
    await bundle(esbuild)
    await esbuild.stop()
  } catch (error) {
    throw error instanceof SetupError ? error : new SetupError(`${error}\n${FAILURE}.`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Installs exactly the compiler of package-lock.json, with the program for this machine, and npm checks their hashes. */
async function installCompiler (/** @type {string} */ folder) {
  const { lockfileVersion, packages } = JSON.parse(readFileSync(at('package-lock.json'), 'utf8'))
  const own = Object.entries(packages).filter(([path]) => /^node_modules\/(esbuild|@esbuild\/[^/]+)$/.test(path)).map(([path, { dev, ...entry }]) => [path, entry])
  const manifest = { name: 'compiler', version: '0.0.0', dependencies: { esbuild: packages['node_modules/esbuild'].version } }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({
    ...manifest, lockfileVersion, requires: true, packages: { '': manifest, ...Object.fromEntries(own) }
  }))
  await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], FAILURE, folder)
}
