// A loader hook: `import t from 'tap'` in a file under test/ leads to the test that stands for this file.

/** @type {import('node:module').ResolveHook} */
export async function resolve (specifier, context, nextResolve) {
  if (specifier !== 'tap' || !context.parentURL?.endsWith('.ts')) return nextResolve(specifier, context)
  return { url: new URL(`./tap-of-file.mjs?${encodeURIComponent(context.parentURL)}`, import.meta.url).href, format: 'module', shortCircuit: true }
}
