// `npm pack` and `npm publish`: the package contains compiled code, so that nothing is compiled where it is installed.
import { compile } from './compile.mjs'

await compile()
