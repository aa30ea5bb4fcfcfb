import { createHash } from 'node:crypto'

export interface InlinedPage {
  readonly html: string
  /** What a Content-Security-Policy has to allow: `'sha256-…'` for each. */
  readonly scripts: readonly string[]
  readonly styles: readonly string[]
}

/** SHA-256, in base64. */
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64')

/**
 * Puts the style sheets of a page, and the scripts that have `data-inline`, into its HTML: each would be a request before the first picture. `read` returns the
 * text of a file.
 */
export function inlined (html: string, read: (file: string) => string): InlinedPage {
  const allowed = { style: new Set<string>(), script: new Set<string>() }
  const within = (tag: 'style' | 'script', file: string) => {
    const text = `\n${read(file)}`
    allowed[tag].add(`'sha256-${hashOf(text)}'`)
    return `<${tag}>${text}</${tag}>`
  }
  const whole = html
    .replace(/<link rel="stylesheet" href="([^"]+)">/g, (_, file: string) => within('style', file))
    .replace(/<script src="([^"]+)" data-inline><\/script>/g, (_, file: string) => within('script', file))
  return { html: whole, scripts: [...allowed.script], styles: [...allowed.style] }
}
