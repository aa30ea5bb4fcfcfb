import type { Values } from '../options.js'
import { idsCommand, quoted, type CompletedCommand } from './words.js'

/** For zsh's own system of completion (compinit): as a file _camgate in fpath, or by source. */
export function zshCompletion (commands: readonly CompletedCommand[], program: readonly string[]): string {
  const names = commands.map(({ name }) => name)
  return `#compdef camgate
# camgate's completion for zsh; camgate completion zsh prints it
_camgate_ids() { ${idsCommand(program)} }
_camgate() {
  local command=serve index
  local -a commands=(${commands.map(({ name, summary }) => quoted(`${name}:${summary}`)).join(' ')} 'help:explain a command')
  for ((index = 2; index < CURRENT; index++)); do
    case $words[index] in
      ${names.join('|')}|help) command=$words[index]; break ;;
    esac
  done
  case $command:$words[CURRENT-1] in
${commands.flatMap(command => command.options.filter(({ takesValue }) => takesValue).map(({ names, values }) => `    ${names.map(option => `${command.name}:${option}`).join('|')}) ${offer(values)}; return ;;`)).join('\n')}
  esac
  if [[ $PREFIX == -* ]]; then
    case $command in
${commands.map(({ name, options }) => `      ${name}) compadd -- ${options.flatMap(({ names }) => names).join(' ')} ;;`).join('\n')}
    esac
    return
  fi
  ((CURRENT == 2)) && _describe command commands
  case $command in
    help) _describe command commands ;;
${commands.filter(({ operands }) => operands.length > 0).map(({ name, operands }) => `    ${name}) ${offer(operands)} ;;`).join('\n')}
  esac
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _camgate "$@"; else compdef _camgate camgate; fi
`
}

function offer (values: Values): string {
  if (values === 'file') return '_files'
  if (values === 'camera') return 'compadd -- $(_camgate_ids)'
  if (values === 'camera address') return 'local -a ids=($(_camgate_ids)); compadd -- /video_feed /camera/$^ids'
  return values.length > 0 ? `compadd -- ${values.map(quoted).join(' ')}` : ':'
}
