import { execFileSync } from 'node:child_process'
import { cpus } from 'node:os'
import { findFfmpeg } from '../src/ffmpeg/binary.js'
import { version } from '../src/package.js'
import { cpu } from './cpu.js'
import { latency } from './latency.js'

const benchmarks: Record<string, () => Promise<string>> = { latency, cpu }

const wanted = process.argv.slice(2)
const unknown = wanted.filter(name => !Object.hasOwn(benchmarks, name))
if (unknown.length > 0) {
  process.stderr.write(`There is no benchmark ${unknown.join(', ')}; there are ${Object.keys(benchmarks).join(', ')}.\n`)
  process.exit(64)
}
const [ffmpeg] = execFileSync(findFfmpeg()!, ['-version'], { encoding: 'utf8' }).split(' Copyright')
process.stdout.write(`camgate ${version}, Node ${process.version}, ${ffmpeg}, ${cpus().length} × ${cpus()[0]?.model}\n`)
for (const name of wanted.length > 0 ? wanted : Object.keys(benchmarks)) {
  process.stdout.write(`\n${name}\n\n${await benchmarks[name]!()}\n`)
}
