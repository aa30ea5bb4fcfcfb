// Bundles src/view/ into the one file that pages load. It runs in two places: in the page, and, as the text of the same function, in a worker.
import { readFileSync, writeFileSync, mkdirSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { at } from './run.mjs'

/** @param {typeof import('esbuild')} esbuild */
export async function bundleView (esbuild) {
  const { version } = JSON.parse(readFileSync(at('package.json'), 'utf8'))
  const { outputFiles } = await esbuild.build({
    entryPoints: [at('src/view/view.ts')], bundle: true, write: false, minify: true, format: 'esm', target: ['es2022', 'chrome105', 'firefox110', 'safari16.4'], legalComments: 'none'
  })
  const code = outputFiles[0]?.text
  mkdirSync(at('dist/view'), { recursive: true })
  writeFileSync(at('dist/view/view.js'), `/*! camgate ${version}, view.js */\n(function camgateView(){"use strict";${code}})();\n`)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await bundleView(await import('esbuild'))
