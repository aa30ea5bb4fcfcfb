// Bundles what browsers load: each file less is a request less before the first picture.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { at } from './run.mjs'

const TARGET = ['es2022', 'chrome105', 'firefox110', 'safari16.4']

/** @param {typeof import('esbuild')} esbuild */
export async function bundle (esbuild) {
  await Promise.all([bundleView(esbuild), bundleDashboard(esbuild)])
}

/**
 * One file, which runs in two places: in the page, and, as the text of the same function, in a worker.
 * @param {typeof import('esbuild')} esbuild
 */
async function bundleView (esbuild) {
  const { version } = JSON.parse(readFileSync(at('package.json'), 'utf8'))
  const { outputFiles } = await esbuild.build({
    entryPoints: [at('src/view/view.ts')], bundle: true, write: false, minify: true, charset: 'utf8', format: 'esm', target: TARGET, legalComments: 'none'
  })
  const code = outputFiles[0]?.text
  mkdirSync(at('dist/view'), { recursive: true })
  writeFileSync(at('dist/view/view.js'), `/*! camgate ${version}, view.js */\n(function camgateView(){"use strict";${code}})();\n`)
}

/**
 * The modules of the page as one, each further language as another, and the shared worker.
 * @param {typeof import('esbuild')} esbuild
 */
async function bundleDashboard (esbuild) {
  rmSync(at('dist/dashboard'), { recursive: true, force: true })
  for (const file of ['main.js', 'cameras/feed-worker.js']) { // in one build, they would share a third file
    await esbuild.build({
      entryPoints: [at('src/dashboard', file)], outbase: at('src/dashboard'), outdir: at('dist/dashboard'), bundle: true, splitting: true, chunkNames: 'words/[name]', minify: true, charset: 'utf8', format: 'esm', target: TARGET, legalComments: 'none'
    })
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await bundle(await import('esbuild'))
