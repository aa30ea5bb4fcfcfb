/* eslint-disable no-template-curly-in-string -- users write ${…} in the file */
import type { ErrorCode } from 'yaml'
import { gluedKey, spaceMissing } from './glued.js'

const quotes = 'a value that begins with a sign such as @ % & * ! { [ or `, or that holds ": " or " #", needs \'quotes\''

/** What to do about a mistake in the YAML itself. The parser's own messages quote the line, and that line may hold the password. */
export const syntaxMessages: Record<ErrorCode, string> = {
  ALIAS_PROPS: `an alias (*name) stands alone; ${quotes}`,
  BAD_ALIAS: `an alias (*name) needs a name; ${quotes}`,
  BAD_COLLECTION_TYPE: 'this tag (!…) does not fit what follows it',
  BAD_DIRECTIVE: 'unknown %directive',
  BAD_DQ_ESCAPE: 'unknown \\ escape within "double quotes"; within \'single quotes\' a \\ is just a \\',
  BAD_INDENT: 'this line is indented by too little or too much: lines that belong together begin in the same column',
  BAD_PROP_ORDER: 'tags and anchors stand before a value, not within it',
  BAD_SCALAR_START: quotes,
  BLOCK_AS_IMPLICIT_KEY: `unexpected map or list within one line; ${quotes}`,
  BLOCK_IN_FLOW: 'within { } and [ ] everything is written with commas, and ${…} needs quotes',
  DUPLICATE_KEY: 'this key is given twice',
  IMPOSSIBLE: 'this is not YAML',
  KEY_OVER_1024_CHARS: 'a key of more than 1024 characters; perhaps a quote is not closed',
  MISSING_CHAR: 'something is missing here: a closing quote, a closing bracket, a comma, or the space after a colon; ' +
    'within { } a ${…} needs quotes',
  MULTILINE_IMPLICIT_KEY: 'a key must stand on one line; perhaps a colon is missing, or a quote is not closed',
  MULTIPLE_ANCHORS: `a value has one anchor (&name) at most; ${quotes}`,
  MULTIPLE_DOCS: 'a second document (---); one file holds one',
  MULTIPLE_TAGS: `a value has one tag (!…) at most; ${quotes}`,
  NON_STRING_KEY: 'a key must be text',
  RESOURCE_EXHAUSTION: 'too deeply nested',
  TAB_AS_INDENT: 'a tab; YAML is indented with spaces',
  TAG_RESOLVE_FAILED: `tags (!…) are not used here; ${quotes}. A secret is \${NAME} or \${file:/path}`,
  UNEXPECTED_TOKEN: `unexpected here; ${quotes}, and within { } a \${…} needs them too`
}

/** What to do about a mistake, more precisely after a look at its line. Quotes nothing of it but one of the known keys. */
export function syntaxMessage (code: ErrorCode, line: string, keys: ReadonlySet<string>): string {
  const glued = gluedKey(line, keys)
  if (glued && (code === 'MULTILINE_IMPLICIT_KEY' || code === 'MISSING_CHAR')) return spaceMissing(glued)
  if (code === 'UNEXPECTED_TOKEN' && /[:,[{-]\s*'/.test(line)) return "text after a closing quote: a ' within 'single quotes' is doubled, as in 'it''s mine'"
  if (code === 'UNEXPECTED_TOKEN' && /[:,[{-]\s*"/.test(line)) return 'text after a closing quote: a " within "double quotes" is written \\", or the whole stands in \'single quotes\''
  if (/\bhost:\s*:/.test(line)) return 'an address that begins with a colon needs quotes: host: "::"'
  return syntaxMessages[code]
}
