import type { Values } from '../options.js'
import { idsCommand, quoted, type CompletedCommand } from './words.js'

/** One line for each word that fish may offer. */
export function fishCompletion (commands: readonly CompletedCommand[], program: readonly string[]): string {
  const lines = commands.flatMap(({ name, summary, options, operands }) => {
    const within = `complete -c camgate -n '__fish_seen_subcommand_from ${name}'`
    return [
      `complete -c camgate -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
      ...options.map(({ names: [long = '', short], takesValue, values }) => [
        within, `-l ${long.slice(2)}`, ...short === undefined ? [] : [`-s ${short.slice(1)}`], ...takesValue ? ['-r', offer(values)] : []
      ].join(' ')),
      ...operands.length > 0 ? [`${within} ${offer(operands)}`] : []
    ]
  })
  return `# camgate's completion for fish; camgate completion fish prints it
function __camgate_ids
  ${idsCommand(program)}
end
complete -c camgate -f
complete -c camgate -n __fish_use_subcommand -F
complete -c camgate -n __fish_use_subcommand -a help -d 'explain a command'
complete -c camgate -n '__fish_seen_subcommand_from help' -a ${quoted(commands.map(({ name }) => name).join(' '))}
${lines.join('\n')}
`
}

function offer (values: Values): string {
  if (values === 'file') return '-F'
  if (values === 'camera') return "-a '(__camgate_ids)'"
  if (values === 'camera address') return "-a '/video_feed (string replace -r ^ /camera/ (__camgate_ids))'"
  return values.length > 0 ? `-a ${quoted(values.join(' '))}` : ''
}
