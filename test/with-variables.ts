import { writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`

/**
 * Writes a script into the folder that runs the program with these variables, and returns its path. camgate gives ffmpeg few of its own
 * variables.
 */
export function withVariables (folder: string, program: string, variables: Readonly<Record<string, string>>): string {
  const path = join(folder, basename(program).replace(/\.\w+$/, '.sh'))
  const exports = Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}`)
  writeFileSync(path, ['#!/bin/sh', ...exports, `exec ${quoted(program)} "$@"`, ''].join('\n'), { mode: 0o755 })
  return path
}
