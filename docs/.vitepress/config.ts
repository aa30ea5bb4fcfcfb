import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'
import { copyFiles, listOfDecisions, repositoryLinks } from './links.js'
import { placeOf, SECTIONS, type Page } from './pages.js'
import { emptyHeaders } from './tables.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** Where the site is under its host: /camgate/ for instance. */
const base = process.env.DOCS_BASE ?? '/'
/** Files of the repository that pages link to. */
const files = new Set<string>()

const titleOf = ({ file, title }: Page) => title ?? /^# (.*)$/m.exec(readFileSync(join(root, file), 'utf8'))![1]!
const linkTo = (file: string) => `/${placeOf(file).replace(/(^|\/)index\.md$/, '$1').replace(/\.md$/, '')}`
const sectionLink = (name: string) => linkTo(SECTIONS.find(({ title }) => title === name)!.pages[0]!.file)

export default defineConfig({
  title: 'camgate',
  description: 'IP cameras in any web page',
  lang: 'en',
  base,
  srcDir: '..', // for CHANGELOG.md and CONTRIBUTING.md
  srcExclude: ['README.md', '{src,test,bench,coverage}/**'],
  outDir: process.env.DOCS_OUT ?? join(root, 'docs/.vitepress/dist'),
  rewrites: placeOf,
  ignoreDeadLinks: 'localhostLinks', // of what readers start
  markdown: {
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    anchor: { slugify: heading => heading.trim().toLowerCase().replace(/[^\p{L}\p{N}\- _]/gu, '').replaceAll(' ', '-') }, // as GitHub does
    config (md) {
      repositoryLinks(md, { root, base, files })
      emptyHeaders(md)
      listOfDecisions(md, { root, base })
    }
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: { level: [2, 3] },
    nav: [
      { text: 'Guide', link: '/guide' },
      { text: 'Reference', link: sectionLink('Reference') },
      { text: 'Examples', link: sectionLink('Examples') },
      { text: 'Why is it black?', link: '/why-is-it-black' },
      { text: 'Changelog', link: '/changelog' }
    ],
    sidebar: SECTIONS.map(({ title, pages }) => ({ text: title, items: pages.map(page => ({ text: titleOf(page), link: linkTo(page.file) })) }))
  },
  buildEnd: ({ outDir }) => copyFiles(files, root, outDir)
})
