import { cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import type { MarkdownRenderer } from 'vitepress'
import { placeOf } from './pages.js'

const isFolder = (path: string) => statSync(path).isDirectory()

/**
 * Links of pages are those of the repository, so that they work on GitHub as well. This makes them links of the site. A link to a file
 * that is no page leads to a copy of that file, which is then in `files`; so does one to a folder without a README.md, by a list of its files.
 */
export function repositoryLinks (md: MarkdownRenderer, { root, base, files }: { root: string, base: string, files: Set<string> }): void {
  md.core.ruler.push('repository-links', ({ tokens, env }) => {
    const page: string = env.realPath ?? env.path
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const href = token.type === 'link_open' ? token.attrGet('href') : null
      if (href === null || /^(\w+:|#)/.test(href)) continue
      const [path = '', anchor] = href.split('#')
      const named = resolve(dirname(page), decodeURI(path))
      if (!existsSync(named)) throw new Error(`${relative(root, page)} links to ${href}, and there is no ${relative(root, named)}`)
      const file = relative(root, isFolder(named) && existsSync(join(named, 'README.md')) ? join(named, 'README.md') : named)
      if (file === 'README.md') token.attrSet('href', '/')
      else if (file.endsWith('.md')) token.attrSet('href', `/${placeOf(file)}${anchor === undefined ? '' : `#${anchor}`}`)
      else {
        files.add(file)
        token.attrSet('href', base + file + (isFolder(named) ? '/' : ''))
        token.attrSet('target', '_self') // the site's router would look for a page
      }
    }
  })
}

/** Copies what pages link to, once all pages are made. */
export function copyFiles (files: Iterable<string>, root: string, outDir: string): void {
  for (const file of files) {
    const [from, to] = [join(root, file), join(outDir, file)]
    cpSync(from, to, { recursive: true, filter: path => !path.includes('node_modules') })
    if (isFolder(from)) writeFileSync(join(to, 'index.html'), `<!doctype html><title>${file}</title><ul>${readdirSync(from).map(name => `<li><a href="${name}">${name}</a></li>`).join('')}</ul>\n`)
  }
}

/** Puts the titles of all decisions in place of the comment that asks for them. */
export function listOfDecisions (md: MarkdownRenderer, { root, base }: { root: string, base: string }): void {
  const folder = join(root, 'docs/decisions')
  md.core.ruler.push('decisions', ({ tokens }) => {
    for (const token of tokens) {
      if (token.type !== 'html_block' || !token.content.startsWith('<!-- decisions')) continue
      const names = readdirSync(folder).filter(name => /^\d/.test(name)).sort()
      token.content = `<ul>${names.map(name => {
        const title = md.utils.escapeHtml(readFileSync(join(folder, name), 'utf8').split('\n')[0]!.slice(2))
        return `<li><a href="${base}decisions/${name.replace(/md$/, 'html')}">${title}</a></li>`
      }).join('\n')}</ul>\n`
    }
  })
}
