import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseOptions } from '../../src/cli/options.js'
import { table } from '../../src/commands/table.js'
import { messageOf } from '../../src/errors.js'
import { packageRoot } from '../../src/package.js'
import { readPage, type Block } from './blocks.js'

/** One line of a block, and the programs that it starts, each with its arguments. */
export interface CommandLine { readonly line: string, readonly commands: readonly string[][] }

export const SHELLS: readonly string[] = ['sh', 'bash', 'console']
/** What test/e2e/docs.test.ts runs, in a folder of its own and against a service of its own. */
const RUN = ['curl', 'head', 'jq', 'grep', 'echo', 'export', 'openssl', 'cat', 'mkdir', 'true']
/** camgate's commands that it runs, too. The others ask, serve until Ctrl+C, or look around in the network. */
const RUN_OF_CAMGATE = ['check', 'password', 'sign', 'import', 'completion', 'version', 'probe', 'doctor', 'devices']

interface NotRun { readonly why: string, readonly check?: (args: readonly string[], block: Block) => string | undefined | Promise<string | undefined> }

const scripts = Object.keys(JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')).scripts)
/** A file of the repository, or one that the page has the reader write, and so names elsewhere, too. */
const fileOf = (file: string | undefined, { page, text }: Block) =>
  file !== undefined && (readPage(page).replace(text, '').includes(file) || [dirname(page), '.', 'docs/deploy'].some(folder => existsSync(join(packageRoot, folder, file)))) ? undefined : `there is no ${file}`
const oneOf = (known: readonly string[], name = 'nothing') => known.includes(name) ? undefined : `${name}: known are ${known.join(', ')}`
const camgateIn = (args: readonly string[]) => {
  const at = args.indexOf('dist/main.js')
  return at < 0 ? undefined : optionsOfCamgate(args.slice(at + 1))
}

/** Programs that no test starts because a page names them, and what is checked instead. */
export const NOT_RUN: Readonly<Record<string, NotRun>> = {
  npm: { why: 'it installs and compiles; CI runs start and test', check: ([command, ...rest]) => command === 'run' ? oneOf(scripts, rest[0]) : oneOf(['start', 'test', 'install', 'pack', 'ci', 'publish'], command) },
  docker: { why: 'there is no Docker where tests run', check: args => oneOf(['build', 'buildx', 'run', 'compose', 'exec', 'logs', 'pull', 'load', 'save', 'stop', 'rm'], args[0]) ?? camgateIn(args) },
  python3: { why: 'the example\'s own test runs it', check: (args, block) => args[0]?.endsWith('.py') ? fileOf(args[0], block) : args[0] === '-m' ? oneOf(['http.server', 'venv', 'pip'], args[1]) : undefined },
  python: { why: 'inside a container' },
  node: { why: 'the example\'s own test runs it', check: ([file], block) => file?.startsWith('-') ? undefined : fileOf(file, block) },
  pip: { why: 'it installs packages', check: (args, block) => args[1] === '-r' ? fileOf(args[2], block) : oneOf(['install'], args[0]) },
  kubectl: { why: 'there is no cluster where tests run', check: (args, block) => args.some(arg => ['-f', '-k'].includes(arg)) ? fileOf(args[args.findIndex(arg => ['-f', '-k'].includes(arg)) + 1], block) : undefined },
  './keys.sh': { why: 'the example\'s own test runs it', check: (_, block) => fileOf('keys.sh', block) },
  ffplay: { why: 'it opens a window' },
  ...Object.fromEntries(['promtool', 'amtool'].map(program => [program, { why: 'it reads what the page has installed; test/monitoring/ runs it on the files that the page names' }])),
  ...Object.fromEntries(['apt-get', 'apt', 'brew', 'systemctl', 'journalctl', 'install', 'useradd', 'usermod', 'chown', 'chmod', 'tee', 'cp', 'mv', 'ln', 'tar', 'cd', 'git'].map(program => [program, { why: 'it changes the machine, or shows it' }])),
  kill: { why: 'it needs a process; test/e2e/reload.test.ts sends the signal' },
  sysctl: { why: 'it changes the machine' }
}

/** Words and quotes as a shell takes them, as far as pages use them: no nested substitutions. */
export function wordsOf (line: string): string[] {
  const words: string[] = []
  let word: string | undefined
  for (const [part] of line.matchAll(/'[^']*'|"(?:\\.|[^"\\])*"|\$\([^)]*\)|\\.|&&|\|\||[|;<>&]+|\s+|[^\s'"\\|;<>&$]+|\$/g)) {
    if (/^\s/.test(part)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else if (/^[|;<>&]/.test(part)) {
      if (word !== undefined) words.push(word)
      words.push(part)
      word = undefined
    } else word = (word ?? '') + (/^['"]/.test(part) ? part.slice(1, -1) : part)
  }
  return word === undefined ? words : [...words, word]
}

const withoutComment = (line: string) => line.replace(/(^|\s+)#\s.*$/, '')

/** The commands of a block. In `console` they are the lines that begin with a dollar sign; the others are what is printed. */
export function commandLines ({ language, text }: Block): CommandLine[] {
  const joined = text.replace(/\\\n\s*/g, ' ').split('\n')
  const lines = language === 'console' ? joined.filter(line => line.startsWith('$ ')).map(line => line.slice(2)) : joined
  return lines.map(line => withoutComment(line).trim()).filter(Boolean).map(line => {
    const commands: string[][] = [[]]
    for (const word of wordsOf(line)) {
      if (/^(\|+|&&|;)$/.test(word)) commands.push([])
      else commands.at(-1)!.push(word)
    }
    return { line, commands: commands.map(withoutPrefix).filter(words => words.length > 0) }
  })
}

/** Without assignments, redirections and the programs that only start another one. */
function withoutPrefix (words: string[]): string[] {
  const redirection = words.findIndex(word => /^[<>]/.test(word))
  const [first, ...rest] = redirection < 0 ? words : words.slice(0, redirection)
  if (first === undefined) return []
  return /^\w+=/.test(first) || first === 'sudo' ? withoutPrefix(rest) : first === 'npx' ? rest : [first, ...rest]
}

const isCamgate = ([program]: readonly string[]) => program === 'camgate'
/** Options alone, or nothing, are those of `serve`. */
const withCommand = (args: readonly string[]) => args[0] === undefined || args[0].startsWith('-') ? ['serve', ...args] : args

export const isRun = ({ commands }: CommandLine): boolean => commands.every(words => isCamgate(words)
  ? RUN_OF_CAMGATE.includes(words[1]!) && !(words[1] === 'probe' && !/^rtsp|^[a-z]+$/.test(words[2]!))
  : RUN.includes(words[0]!))

/** Whether camgate has this command with these options. */
async function optionsOfCamgate (words: readonly string[]): Promise<string | undefined> {
  const [name, ...args] = withCommand(words)
  const entry = table.find(command => command.name === name)
  if (!entry) return `there is no command ${name}`
  const { options, usage } = await entry.load()
  try {
    parseOptions(args, { ...options, json: { type: 'boolean' } }, usage)
    return undefined
  } catch (error) {
    return messageOf(error)
  }
}

/** What is wrong with a command by its names alone. */
export async function faultOf (words: readonly string[], block: Block): Promise<string | undefined> {
  const [program = '', ...args] = words
  if (isCamgate(words)) return await optionsOfCamgate(args)
  if (RUN.includes(program)) return undefined
  const entry = NOT_RUN[program]
  return entry ? await entry.check?.(args, block) : `nothing says how ${program} is checked: see NOT_RUN in test/docs/shell.ts`
}
