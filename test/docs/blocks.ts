import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../src/package.js'

/** A fenced block of a page. */
export interface Block {
  readonly page: string
  /** Of its first fence, from 1. */
  readonly line: number
  readonly language: string
  /** Without the indentation of its fence. */
  readonly text: string
  /** The text of a comment `<!-- test: … -->` above it. */
  readonly note: string | undefined
}

const isPage = (file: string) => file.endsWith('.md') && !file.includes('node_modules')
export const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...readdirSync(join(packageRoot, 'docs'), { recursive: true, encoding: 'utf8' }).filter(isPage).map(file => join('docs', file)).sort()]
export const readPage = (page: string): string => readFileSync(join(packageRoot, page), 'utf8')
export const withoutBlocks = (page: string): string => readPage(page).replace(/^ *```.*?^ *```/gms, '')

export function blocksOf (page: string, text = readPage(page)): Block[] {
  const lines = text.split('\n')
  const blocks: Block[] = []
  for (let line = 0; line < lines.length; line++) {
    const [, indent, fence, language] = /^( *)(`{3,})(.*)$/.exec(lines[line]!) ?? []
    if (indent === undefined) continue
    const end = lines.findIndex((text, at) => at > line && text.trim() === fence)
    if (end < 0) throw new Error(`${page}:${line + 1}: this block has no end`)
    const note = /^ *<!-- test: (.*) -->$/.exec(lines[line - 1] ?? '')?.[1]
    blocks.push({ page, line: line + 1, language: language!.trim(), text: lines.slice(line + 1, end).map(text => text.replace(new RegExp(`^ {0,${indent.length}}`), '')).join('\n') + '\n', note })
    line = end
  }
  return blocks
}

export const allBlocks = (): Block[] => pages.flatMap(page => blocksOf(page))
export const placed = ({ page, line }: Block): string => `${page}:${line}`

/** What is wrong with each block, with its place. */
export const faultsOf = (blocks: readonly Block[], check: (block: Block) => string | undefined): string[] => blocks.flatMap(block => {
  const fault = check(block)
  return fault === undefined ? [] : [`${placed(block)}: ${fault}`]
})
