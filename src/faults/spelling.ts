import type { Quirks } from './quirk.js'

/** Misspells a message as some cameras do. Bodies stay unchanged. */
export function misspell (message: Buffer, quirks: Quirks): Buffer {
  const end = message.indexOf('\r\n\r\n')
  const lines = message.toString('utf8', 0, end).split('\r\n')
    .filter(line => !quirks.has('no-cseq') || !line.startsWith('CSeq:'))
    .map(line => quirks.has('header-case') ? line.replace(/^[\w-]+(?=:)/, oddCase) : line)
  const lineEnd = quirks.has('bare-lf') ? '\n' : '\r\n'
  return Buffer.concat([Buffer.from(lines.join(lineEnd) + lineEnd + lineEnd), message.subarray(end + 4)])
}

/** `cseq`, `SESSION`, `content-BASE`. */
function oddCase (name: string): string {
  const [first = '', ...rest] = name.split('-')
  if (rest.length > 0) return [first.toLowerCase(), ...rest.map(word => word.toUpperCase())].join('-')
  return name === 'CSeq' ? 'cseq' : name.toUpperCase()
}
