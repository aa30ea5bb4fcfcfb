import { transpileAll } from './transpile.mjs'

await transpileAll()
