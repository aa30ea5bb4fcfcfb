import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../src/package.js'

/** The text of a file of the repository. */
export const read = (file: string) => readFileSync(join(packageRoot, file), 'utf8')

interface Instruction { readonly name: string, readonly text: string }
interface Stage { readonly name: string | undefined, readonly base: string, readonly instructions: Instruction[] }

/** The Dockerfile's stages, each instruction on one line. */
function readStages (): Stage[] {
  const stages: Stage[] = []
  const lines = read('Dockerfile').replace(/^\s*#.*\n/gm, '').replace(/\\\n/g, ' ').split('\n').filter(line => line.trim())
  for (const line of lines) {
    const [, name = '', text = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? []
    const [, base = '', as] = /^((?:--platform=\S+\s+)?\S+)(?:\s+AS\s+(\S+))?$/i.exec(text) ?? []
    if (name === 'FROM') stages.push({ name: as, base, instructions: [] })
    else stages.at(-1)!.instructions.push({ name, text })
  }
  return stages
}

export const stages = readStages()
export const image = stages.at(-1)!
/** The stage whose files the image begins with. */
export const system = stages.find(({ name }) => name === 'system')!
export const textsOf = (name: string, { instructions } = image) => instructions.filter(one => one.name === name).map(({ text }) => text)
export const env = Object.fromEntries(textsOf('ENV').flatMap(text => text.split(/\s+/).map(pair => pair.split('=') as [string, string])))
export const workdir = textsOf('WORKDIR').at(-1)!
/** Throws on the shell form, because its shell would not pass Docker's SIGTERM on. */
export const command = (name: string) => JSON.parse(textsOf(name).at(-1)!.replace(/^.*?(?=\[)/, '')) as string[]

/** COPY's sources and where they go, with the stage they come from if it is not the folder of the Dockerfile. */
export const copies = (stage: Stage) => textsOf('COPY', stage).map(text => {
  const [, from] = /--from=(\S+)/.exec(text) ?? []
  const paths = text.split(/\s+/).filter(part => !part.startsWith('--'))
  return { from, sources: paths.slice(0, -1), target: paths.at(-1)! }
})

/** Like Docker: the last line of .dockerignore that matches the path or a folder above it decides. */
export function isIgnored (path: string): boolean {
  const above = path.split('/').map((_, i, parts) => parts.slice(0, i + 1).join('/'))
  const lines = read('.dockerignore').split('\n').filter(line => line && !line.startsWith('#'))
  return lines.reduce((ignored, line) => {
    const pattern = new RegExp(`^${line.replace(/^!/, '').replace(/[.]/g, '\\.').replace(/\*/g, '[^/]*')}$`)
    return above.some(part => pattern.test(part)) ? !line.startsWith('!') : ignored
  }, false)
}
