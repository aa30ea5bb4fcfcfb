// `npm pack` and `npm publish`: the package contains compiled code, so that nothing is compiled where it is installed.
import { compile } from './compile.mjs'
import { whyPrivate } from './example.mjs'
import { at, say } from './run.mjs'

await compile()

const { loadRegistry } = await import('../../dist/config/load.js') // compiled only now
const problem = whyPrivate(loadRegistry(at('cameras.yaml'), {}))
if (problem !== undefined) {
  say(`cameras.yaml ${problem}, and would be in the package, where everybody can read it. Move it elsewhere, and bring the example back: git checkout cameras.yaml`)
  process.exitCode = 1
}
