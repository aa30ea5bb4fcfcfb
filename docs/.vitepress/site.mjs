// `npm run docs` shows the docs as a site while you write them, `npm run docs:build` makes its files. VitePress has a package-lock.json of its own
// here, and is installed when somebody needs the site: as a package of the root it would make `npm ci` a quarter larger for everybody.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { at, run, SetupError, step } from '../../src/setup/run.mjs'

const FOLDER = 'docs/.vitepress'
const read = (/** @type {string} */ file) => JSON.parse(readFileSync(at(FOLDER, file), 'utf8'))
const installed = () => existsSync(at(FOLDER, 'node_modules/vitepress/package.json')) && read('node_modules/vitepress/package.json').version

try {
  if (installed() !== read('package.json').devDependencies.vitepress) {
    await step('installed VitePress', () => run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], 'VitePress could not be installed', at(FOLDER)))
  }
  const [command = 'dev', ...options] = process.argv.slice(2)
  const site = spawn(process.execPath, [at(FOLDER, 'node_modules/vitepress/bin/vitepress.js'), command, at('docs'), ...options], { stdio: 'inherit' })
  site.on('exit', code => { process.exitCode = code ?? 1 })
} catch (error) {
  if (!(error instanceof SetupError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
