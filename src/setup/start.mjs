// `npm start`: sets up what is missing, then serves, in this very process, so that signals reach it.
import { setUp } from './steps.mjs'

await setUp()
process.argv.splice(2, 0, 'serve')
await import('../../dist/main.js')
