import { createInterface } from 'node:readline'
import { blocksOf } from '../../docs/blocks.js'
import { passwordHash } from '../../passwords.js'
import { startProgram } from '../program.js'
import type { Scope } from '../service.js'

/** That of the users in the pages. */
export const PASSWORD = 'correct horse'

/** The blocks in a language of a page of docs/integrations. */
export const textsOf = (page: string, language: string): string[] => blocksOf(`docs/integrations/${page}`).filter(block => block.language === language).map(({ text }) => text)

/** The cameras.yaml of a page, for the given cameras. */
export const cameraFile = (yaml: string, ...ids: string[]): string =>
  `${yaml.replace(/\$scrypt[^"]*/, passwordHash).replace('0.0.0.0', '127.0.0.1')}cameras:\n${ids.map(id => `  ${id}: { source: { type: simulated } }\n`).join('')}`

/** Starts a program, which ends with the test. Returns the lines that it prints, as they come. */
export function run (t: Scope, folder: string, program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): string[] {
  const { child } = startProgram(t, program, args, { cwd: folder, env: { ...process.env, NODE_OPTIONS: '', ...env } })
  const lines: string[] = []
  for (const output of [child.stdout, child.stderr]) createInterface(output!).on('line', line => { lines.push(line) })
  return lines
}
