// Compiles TypeScript into dist/. Serving needs the compiler only once, so it is installed into a temporary folder and removed.
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hasTestPackages } from './packages.mjs'
import { at, run, step } from './run.mjs'

const STAMP = 'dist/.camgate'
const FAILURE = 'camgate could not be compiled'

/** Identifies everything that the compiler reads, and whether it checks types. */
function wantedStamp (/** @type {boolean} */ checked) {
  const sources = readdirSync(at('src'), { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts')).sort()
  const hash = createHash('sha256')
  for (const input of ['package-lock.json', 'tsconfig.json', 'src/tsconfig.json', ...sources.map(file => `src/${file}`)]) {
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
    await (checked ? tsc(at('node_modules'), '-p', 'src') : compileUnchecked())
    writeFileSync(at(STAMP), wantedStamp(checked))
  })
}

const tsc = (/** @type {string} */ modules, /** @type {string[]} */ ...args) => run(process.execPath, [join(modules, 'typescript/bin/tsc'), ...args], FAILURE)

async function compileUnchecked () {
  const folder = mkdtempSync(join(tmpdir(), 'camgate-compiler-'))
  try {
    await installCompiler(folder)
    const config = { extends: at('src/tsconfig.json'), compilerOptions: { types: [], noCheck: true } }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    await tsc(join(folder, 'node_modules'), '-p', folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Installs exactly the compiler of package-lock.json, and npm checks its hash. */
async function installCompiler (/** @type {string} */ folder) {
  const { lockfileVersion, packages } = JSON.parse(readFileSync(at('package-lock.json'), 'utf8'))
  const compiler = packages['node_modules/typescript']
  const manifest = { name: 'compiler', version: '0.0.0', dependencies: { typescript: compiler.version } }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({
    ...manifest, lockfileVersion, requires: true, packages: { '': manifest, 'node_modules/typescript': { ...compiler, dev: undefined } }
  }))
  await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], FAILURE, folder)
}
