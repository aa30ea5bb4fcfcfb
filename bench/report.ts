import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../src/package.js'
import { machine, today, versions } from './machine.js'

const FILE = join(packageRoot, 'docs/benchmarks.md')
const HEAD = `# Benchmarks

\`npm run bench [name]\` writes this page; with a name it replaces only that section. Everything compared in a table ran on one machine in
one run; the ratios say more than the figures. The code of each benchmark is in \`bench/\`, in the file of its name.
`

/** Replaces a benchmark's section by the new result. Sections are in the order of `names`. */
export function publish (name: string, text: string, names: readonly string[]): void {
  const [, ...old] = existsSync(FILE) ? readFileSync(FILE, 'utf8').split(/^## /m) : []
  const sections = new Map(old.map(section => [section.split('\n', 1)[0]!, `## ${section.trimEnd()}\n`]))
  const settings = ['SECONDS', 'ROUNDS', 'RELOADS'].flatMap(key => process.env[key] ? `${key}=${process.env[key]} ` : []).join('')
  sections.set(name, `## ${name}

\`${settings}npm run bench ${name}\` on ${today()}: ${versions()};
${machine()}.

${text}
`)
  writeFileSync(FILE, [HEAD, ...names.flatMap(one => sections.get(one) ?? [])].join('\n'))
}
