// `npm start`: sets up what is missing, then runs camgate in this very process, so that signals reach it. package.json has
// the shell become it (exec): npm signals its shell alone, which hands nothing on. It serves, unless a
// command follows: `npm start -- check`.
import { setUp } from './steps.mjs'

await setUp()
await import('../../dist/main.js')
