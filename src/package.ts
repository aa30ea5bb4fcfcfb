import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The nearest folder above with a package.json. Sources and compiled code are at different depths below it. */
function findRoot (from: string): string {
  return existsSync(join(from, 'package.json')) ? from : findRoot(dirname(from))
}

/** The folder with package.json, the dashboard's files and the example cameras.yaml. */
export const packageRoot = findRoot(dirname(fileURLToPath(import.meta.url)))

export const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }
