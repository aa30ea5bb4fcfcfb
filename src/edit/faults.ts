import type { ConfigError, Diagnostic } from '../yaml/diagnostic.js'
import { pointerOf, type Fault } from './refusals.js'

/** The faults of a text in which only the camera `id` was changed, each at its key. */
export const faultsOf = (id: string, { diagnostics }: ConfigError): Fault[] => diagnostics.map(diagnostic => faultOf(id, diagnostic))

/** Messages begin with the path of what they are about: `cameras.gate.source.url: expected …`. */
function faultOf (id: string, { message }: Diagnostic): Fault {
  const prefix = `cameras.${id}`
  const [, keys, words] = message.startsWith(prefix) ? /^((?:\.[\w-]+|\[\d+\])*): (.*)$/s.exec(message.slice(prefix.length)) ?? [] : []
  if (keys === undefined || words === undefined) return { pointer: '', message }
  const [, unknown, missing] = /^(?:unknown key "([\w-]+)"|([\w-]+) is missing)/.exec(words) ?? []
  return { pointer: pointerOf([...keys.split(/[.[\]]+/), unknown ?? missing ?? ''].filter(Boolean)), message: words }
}
