// `npm start`: sets up what is missing, then runs camgate in this process, so that signals reach it. package.json uses `exec`
// because npm signals only its shell, which passes nothing on. camgate serves unless a command follows: `npm start -- check`.
import { setUp } from './steps.mjs'

await setUp()
await import('../../dist/main.js')
