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

/** Where packages put programs; a service manager's PATH may lack them. */
const USUAL = ['/usr/local/bin', '/usr/bin', '/opt/homebrew/bin']

/** The first of these programs in the directories of PATH, then in the usual ones. */
export function findProgram (names: readonly string[], env: NodeJS.ProcessEnv, usual: readonly string[] = USUAL): string | undefined {
  const directories = [...(env.PATH ?? '').split(delimiter).filter(Boolean), ...usual]
  return names.flatMap(name => directories.map(directory => join(directory, name))).find(isExecutable)
}
