import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { soak } from './soak.js'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '3' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 32)) },
    viewers: { type: 'string', default: '200' },
    kills: { type: 'string', default: '1000' }
  }
})
const [minutes, seed, viewers, kills] = [values.minutes, values.seed, values.viewers, values.kills].map(Number) as [number, number, number, number]
const began = performance.now()
const say = (line: string) => process.stdout.write(`${((performance.now() - began) / 1_000).toFixed(0).padStart(5)} s  ${line}\n`)

const folder = mkdtempSync(join(tmpdir(), 'camgate-soak-'))
const closers: Array<() => unknown> = [() => rmSync(folder, { recursive: true })]
const failures: string[] = []
const scope = {
  fail: (message: string) => failures.push(message),
  teardown: (close: () => unknown) => closers.push(close)
}

say(`seed ${seed}: ${minutes} minutes of chaos, ${viewers} viewers, then ${kills} kills`)
try {
  const tally = await soak(scope, { seed, chaos: minutes * 60_000, viewers, kills, folder, say })
  failures.push(...tally.violations)
  process.stdout.write(`\n${tally}\n`)
} finally {
  for (const close of closers.reverse()) await close()
}
for (const failure of failures) process.stdout.write(`VIOLATED: ${failure}\n`)
if (failures.length > 0) process.stdout.write(`Again: npm run soak -- --minutes ${minutes} --seed ${seed}\n`)
process.exitCode = failures.length > 0 ? 1 : 0
