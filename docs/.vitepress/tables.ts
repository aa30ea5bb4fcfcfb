import type { MarkdownRenderer } from 'vitepress'

/** Markdown has no table without headers. An empty one becomes a cell, because screen readers say headers. */
export function emptyHeaders (md: MarkdownRenderer): void {
  md.core.ruler.push('empty-headers', ({ tokens }) => {
    tokens.forEach((token, index) => {
      if (token.type !== 'th_open' || tokens[index + 1]?.content !== '') return
      token.tag = 'td'
      tokens[index + 2]!.tag = 'td'
    })
  })
}
