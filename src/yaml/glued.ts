/** The known key in front of a colon without its space, as in `source:rtsp://…`; undefined if there is none. */
export function gluedKey (text: string, keys: ReadonlySet<string>): string | undefined {
  const [, key = ''] = /^[\s{,-]*([A-Za-z]\w*):(?=[^\s:])/.exec(text) ?? []
  return keys.has(key) ? key : undefined
}

export const spaceMissing = (key: string): string => `a space is missing after the colon: write ${key}: …`

/** A key as messages may show it: what follows a colon in it, as in `anna:hunter2: {}`, may be a password. */
export const beforeColon = (key: string): string => key.replace(/:.+/s, ':…')
