// Node's hooks that run TypeScript. An import names the compiled file, as TypeScript requires; it gets the source beside it.
import { existsSync, readFileSync } from 'node:fs'
import { transpile } from './transpile.mjs'

/** @type {import('node:module').ResolveHook} */
export async function resolve (specifier, context, nextResolve) {
  if (/^(\.|file:)/.test(specifier)) {
    const source = new URL(specifier, context.parentURL)
    source.pathname = source.pathname.replace(/\.js$/, '.ts') // the query stays: t.mockImport() puts the mocks there
    if (source.pathname.endsWith('.ts') && existsSync(source)) return { url: source.href, format: 'module', shortCircuit: true }
  }
  return nextResolve(specifier, context)
}

/** @type {import('node:module').LoadHook} */
export async function load (url, context, nextLoad) {
  if (/^file:[^?]+\.ts(\?|$)/.test(url)) return { format: 'module', source: await transpile(url), shortCircuit: true }
  // Saves a quarter of the time: tap's hook after this one copies each text to the main thread, for coverage that is off.
  if (url.startsWith('file:') && context.format === 'module') return { format: 'module', source: readFileSync(new URL(url), 'utf8'), shortCircuit: true }
  return nextLoad(url, context)
}
