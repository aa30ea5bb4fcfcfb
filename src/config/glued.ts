import { allKeys } from './schema.js'

/** The key in front of a colon that no blank follows, as in `source:rtsp://…`; undefined where it is none that camgate knows. */
export function gluedKey (text: string): string | undefined {
  const [, key = ''] = /^[\s{,-]*([A-Za-z]\w*):(?=[^\s:])/.exec(text) ?? []
  return allKeys.has(key) ? key : undefined
}

export const noBlank = (key: string): string => `a space is missing after the colon: write ${key}: …`
