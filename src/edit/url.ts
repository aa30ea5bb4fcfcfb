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
