// `npm start`: sets up what is missing, then serves, in this very process, so that signals reach it.
import { checkNode, compile, installFfmpeg, installPackages, SetupError } from './steps.mjs'

try {
  checkNode()
  installPackages()
  compile()
  await installFfmpeg()
} catch (error) {
  if (!(error instanceof SetupError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
}
process.argv.splice(2, 0, 'serve')
await import('../../dist/main.js')
