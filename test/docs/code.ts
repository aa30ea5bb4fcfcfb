import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../src/package.js'
import { placed, type Block } from './blocks.js'

const elements = readFileSync(join(packageRoot, 'src/view/view.ts'), 'utf8')
const ATTRIBUTES = ['camera', 'cameras', 'src', 'token', 'link', 'path', 'fit', 'style', 'class', 'id']

/** By the program: the library would leave a process behind, and later tests in this one look whether theirs are gone. */
export function syntaxFault (text: string, loader: 'js' | 'ts' | 'css'): string | undefined {
  const { status, stderr, error } = spawnSync(join(packageRoot, 'node_modules/.bin/esbuild'), [`--loader=${loader}`], { input: text, encoding: 'utf8', timeout: 20_000 })
  return status === 0 ? undefined : `${error ?? ''}${stderr}`
}

/** Tags that are not closed, attributes that camgate's elements do not have, addresses that are none of camgate's, and scripts that are wrong. */
export function htmlFault ({ text }: Block): string | undefined {
  const html = text.replace(/\{%.*?%\}|\{\{.*?\}\}|<!--.*?-->/gs, '')
  const open: string[] = []
  for (const [, slash, name, attributes, empty] of html.matchAll(/<(\/?)([a-z][\w-]*)((?:\s+[\w:@.-]+(?:=(?:"[^"]*"|'[^']*'|[^\s>"']+))?)*)\s*(\/?)>/g)) {
    if (slash && open.pop() !== name) return `</${name}> closes nothing`
    if (!slash && !empty && !['img', 'input', 'meta', 'link', 'br', 'hr', 'source'].includes(name!)) open.push(name!)
    if (!slash && name!.startsWith('camgate-')) {
      if (!elements.includes(`customElements.define('${name}'`)) return `there is no element ${name}`
      const unknown = [...attributes!.matchAll(/\s([\w-]+)(?==|\s|$)/g)].map(([, attribute]) => attribute!).find(attribute => !ATTRIBUTES.includes(attribute))
      if (unknown) return `<${name}> has no attribute ${unknown}`
    }
  }
  if (open.length > 0) return `<${open.at(-1)}> is not closed`
  for (const [, script] of html.matchAll(/<script>(.*?)<\/script>/gs)) {
    const fault = syntaxFault(script!, 'js')
    if (fault) return fault
  }
  const foreign = [...text.matchAll(/localhost:5000(\/[^"'`\s]*)/g)].map(([, path]) => path!).find(path => !/^\/(camera\/[\w${}-]+(\/snapshot)?|view\.js|status|wall)?(\?.*)?$/.test(path))
  return foreign && `camgate has no ${foreign}`
}

/** Coefficients of a formula that docs/sizing.json does not have. */
export function formulaFault ({ text }: Block): string | undefined {
  const { cpuMilliseconds } = JSON.parse(readFileSync(join(packageRoot, 'docs/sizing.json'), 'utf8')) as { cpuMilliseconds: Record<string, Record<string, number>> }
  const unknown = [...text.matchAll(/\b(\w+)\.(per\w+)/g)].find(([, part, unit]) => typeof cpuMilliseconds[part!]?.[unit!] !== 'number')
  return unknown && `docs/sizing.json has no ${unknown[0]}`
}

/** The faults of all these blocks, in one run of Python; undefined if there is no Python. A block may be a part of a function or of several files. */
export function pythonFaults (blocks: readonly Block[]): string[] | undefined {
  const { status, stdout, stderr, error } = spawnSync('python3', ['-c', `import ast, json, sys
for place, text in json.load(sys.stdin):
    try: ast.parse(text)
    except SyntaxError as error: print(f"{place}: {error}")`], { input: JSON.stringify(blocks.map(block => [placed(block), block.text])), encoding: 'utf8', timeout: 20_000 })
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return undefined
  if (status !== 0) throw new Error(`python3: ${error ?? ''}${stderr}`)
  return stdout.split('\n').filter(Boolean)
}
