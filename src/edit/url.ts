import { isPlainMap, type Plain } from '../yaml/edit/plain.js'

/** The parts of an address. A `${…}` in the part with the credentials may contain a slash. Text that is no address is all `rest`. */
export function splitUrl (text: string): { scheme: string, userinfo: string, rest: string } {
  const [, scheme = '', userinfo = '', rest = text] = /^([a-z]+:\/\/)((?:\$\{[^}]*\}|[^/?#])*@)?(.*)$/is.exec(text) ?? []
  return { scheme, userinfo, rest }
}

/** The host of an address, without its port; empty if it is no address. */
export function hostOf (text: string): string {
  const { scheme, rest } = splitUrl(text)
  return scheme === '' ? '' : /^(?:\[[^\]]*\]|[^/?#:]*)/.exec(rest)![0].toLowerCase()
}

/** The address of a stream, which may be written alone or in a map. */
export function addressOf (stream: Plain | undefined): string | undefined {
  const address = isPlainMap(stream) ? stream.url : stream
  return typeof address === 'string' ? address : undefined
}
