import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

export const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Where packages install programs. A service manager's PATH may lack these directories. */
const FALLBACK_DIRECTORIES = ['/usr/local/bin', '/usr/bin', '/opt/homebrew/bin']

/** Finds the first of these programs that can be run, in the directories of PATH and then in `fallbacks`. */
export function findProgram (names: readonly string[], env: NodeJS.ProcessEnv, fallbacks: readonly string[] = FALLBACK_DIRECTORIES): string | undefined {
  const directories = [...(env.PATH ?? '').split(delimiter).filter(Boolean), ...fallbacks]
  return names.flatMap(name => directories.map(directory => join(directory, name))).find(isExecutable)
}
