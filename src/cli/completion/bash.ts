import type { Values } from '../options.js'
import { idsCommand, quoted, type CompletedCommand } from './words.js'

/** For bash 4 and later, without the package bash-completion. */
export function bashCompletion (commands: readonly CompletedCommand[], program: readonly string[]): string {
  const names = commands.map(({ name }) => name)
  return `# camgate's completion for bash; camgate completion bash prints it
_camgate_ids() { ${idsCommand(program)}; }
_camgate_files() {
  local IFS=$'\\n'
  compopt -o filenames 2>/dev/null
  COMPREPLY=($(compgen -f -- "$word"))
}
_camgate_words() { COMPREPLY=($(compgen -W "$1" -- "$word")); }
_camgate() {
  local word=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command=serve index
  COMPREPLY=()
  [[ $word == = ]] && word=
  [[ $previous == = ]] && previous=\${COMP_WORDS[COMP_CWORD-2]}
  for ((index = 1; index < COMP_CWORD; index++)); do
    case \${COMP_WORDS[index]} in
      ${names.join('|')}|help) command=\${COMP_WORDS[index]}; break ;;
    esac
  done
  case $command:$previous in
${commands.flatMap(command => command.options.filter(({ takesValue }) => takesValue).map(({ names, values }) => `    ${names.map(option => `${command.name}:${option}`).join('|')}) ${offer(values)}; return ;;`)).join('\n')}
  esac
  if [[ $word == -* ]]; then
    case $command in
${commands.map(({ name, options }) => `      ${name}) _camgate_words ${quoted(options.flatMap(({ names }) => names).join(' '))} ;;`).join('\n')}
    esac
    return
  fi
  if ((index == COMP_CWORD && COMP_CWORD == 1)); then
    _camgate_words ${quoted([...names, 'help'].join(' '))}
    [[ $COMPREPLY ]] && return
  fi
  case $command in
    help) _camgate_words ${quoted(names.join(' '))} ;;
${commands.filter(({ operands }) => operands.length > 0).map(({ name, operands }) => `    ${name}) ${offer(operands)} ;;`).join('\n')}
  esac
}
complete -F _camgate camgate
`
}

function offer (values: Values): string {
  if (values === 'file') return '_camgate_files'
  if (values === 'camera') return '_camgate_words "$(_camgate_ids)"'
  if (values === 'camera address') return '_camgate_words "/video_feed $(_camgate_ids | sed s,^,/camera/,)"'
  return values.length > 0 ? `_camgate_words ${quoted(values.join(' '))}` : ':'
}
