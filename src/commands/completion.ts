import type { Io } from '../cli/command.js'
import { bashCompletion } from '../cli/completion/bash.js'
import { fishCompletion } from '../cli/completion/fish.js'
import { describeCommands } from '../cli/completion/words.js'
import { zshCompletion } from '../cli/completion/zsh.js'
import { configOption, configPath } from '../cli/files/config-file.js'
import type { Parsed } from '../cli/options.js'
import { MAX_READ_BYTES, readAtMost } from '../config/load.js'
import { camerasVocabulary } from '../config/vocabulary.js'
import { CamgateError } from '../errors.js'
import { packageRoot } from '../package.js'
import { readDocument } from '../yaml/document.js'
import { within } from '../yaml/value.js'

const shells = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const

const ID = /^[\w-]{1,64}$/

export const usage = `camgate completion bash|zsh|fish

Prints what makes the Tab key complete camgate's commands, options, files and camera ids in a shell that finds the command camgate, such as by
alias camgate='node /opt/camgate/dist/main.js'. Put it where the shell reads it:

  bash   ~/.local/share/bash-completion/completions/camgate, or source <(camgate completion bash) in ~/.bashrc
  zsh    ~/.zfunc/_camgate, with fpath+=~/.zfunc before compinit in ~/.zshrc
  fish   ~/.config/fish/completions/camgate.fish

  --ids              print the ids of the cameras, which the scripts ask for
  -c, --config FILE  the cameras.yaml for --ids

With --json it is one text, { script }, or { ids }.

  camgate completion bash > ~/.local/share/bash-completion/completions/camgate
`
export const options = { ids: { type: 'boolean' }, ...configOption } as const
export const operands = Object.keys(shells)

export async function run ({ positionals: [shell, ...more], values }: Parsed<typeof options>, io: Io): Promise<undefined> {
  const print = (text: string, data: object): undefined => { io.stdout.write(io.json ? `${JSON.stringify(data)}\n` : text) }
  if (values.ids) {
    const ids = idsOf(configPath(values.config, io.env))
    return print(ids.map(id => `${id}\n`).join(''), { ids })
  }
  if (shell === undefined || more.length > 0 || !Object.hasOwn(shells, shell)) throw new CamgateError('USAGE', `For which shell? bash, zsh or fish.\n\n${usage}`)
  const script = shells[shell as keyof typeof shells](await describeCommands(io.table), [process.execPath, `${packageRoot}/dist/main.js`])
  print(script, { script })
}

/** Also those of a file that cannot be used, or whose variables only camgate's own environment has. Silent: a message would stand in the middle of what somebody types. */
function idsOf (file: string): string[] {
  let text
  try {
    text = Buffer.from(readAtMost(file, MAX_READ_BYTES)).toString()
  } catch {
    return []
  }
  const document = readDocument(text, { vocabulary: camerasVocabulary, report () {}, warn () {} })
  const cameras = document && within(document, 'cameras')
  return cameras?.kind === 'map' ? [...cameras.entries.keys()].filter(key => ID.test(key)) : []
}
