import { auth } from './auth.js'
import { adaptive } from './adaptive.js'
import { cpu } from './cpu.js'
import { fanout } from './fanout.js'
import { fleet } from './fleet.js'
import { idle } from './idle.js'
import { live } from './live.js'
import { latency } from './latency.js'
import { publish } from './report.js'
import { reload } from './reload.js'
import { scrape } from './scrape.js'
import { sizing } from './sizing.js'
import { slow } from './slow.js'
import { wake } from './wake.js'

const benchmarks: Record<string, () => Promise<string>> = { fanout, latency, cpu, idle, wake, fleet, slow, adaptive, live, auth, reload, scrape, sizing }

const wanted = process.argv.slice(2)
const unknown = wanted.filter(name => !Object.hasOwn(benchmarks, name))
if (unknown.length > 0) {
  process.stderr.write(`There is no benchmark ${unknown.join(', ')}; there are ${Object.keys(benchmarks).join(', ')}.\n`)
  process.exit(64)
}
for (const name of wanted.length > 0 ? wanted : Object.keys(benchmarks)) {
  const text = await benchmarks[name]!()
  process.stdout.write(`\n${name}\n\n${text}\n`)
  if (process.env.PARTS === undefined) publish(name, text, Object.keys(benchmarks))
}
