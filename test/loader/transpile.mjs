// TypeScript to JavaScript, each file once for its content. An entry's name is a hash of all that it depends on, so an entry
// may be missing, but never stale.
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = new URL('../../', import.meta.url)
const cache = new URL('.cache/transpiled/', root)
const options = { target: 'ES2023', module: 'ESNext', verbatimModuleSyntax: true, inlineSourceMap: true }
const { version } = createRequire(import.meta.url)('typescript/package.json')

/** The path is hashed too, because the source map holds it. */
const nameOf = (/** @type {string} */ path, /** @type {string} */ source) =>
  createHash('sha256').update(JSON.stringify([version, options, path, source])).digest('hex')

/**
 * Returns a file's JavaScript with its source map. Does not check types.
 * @param {string | URL} url
 */
export async function transpile (url) {
  const path = fileURLToPath(url)
  const source = readFileSync(path, 'utf8')
  const entry = new URL(nameOf(path, source), cache)
  try {
    return readFileSync(entry, 'utf8')
  } catch {
    const { default: typescript } = await import('typescript')
    const { outputText } = typescript.transpileModule(source, { fileName: path, compilerOptions: options })
    store(entry, outputText)
    return outputText
  }
}

/** Moves the text into place whole: several processes write here at once. A cache that cannot be written only costs time. */
function store (/** @type {URL} */ entry, /** @type {string} */ text) {
  const partial = new URL(`${entry}.${process.pid}`)
  try {
    mkdirSync(cache, { recursive: true })
    writeFileSync(partial, text)
    renameSync(partial, entry)
  } catch {
    rmSync(partial, { force: true })
  }
}

/** Fills the cache for the whole clone in one process, and drops the entries of older contents. */
export async function transpileAll () {
  const wanted = new Set()
  for (const folder of ['src/', 'test/', 'bench/']) {
    for (const file of readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts'))) {
      const path = fileURLToPath(new URL(folder + file, root))
      await transpile(pathToFileURL(path))
      wanted.add(nameOf(path, readFileSync(path, 'utf8')))
    }
  }
  for (const name of readdirSync(cache)) if (!wanted.has(name)) rmSync(new URL(name, cache), { force: true })
}
