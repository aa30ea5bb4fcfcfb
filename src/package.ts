import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The nearest folder upwards that holds package.json: sources and compiled code lie at different depths below it. */
function findRoot (from: string): string {
  return existsSync(join(from, 'package.json')) ? from : findRoot(dirname(from))
}

/** Where camgate is installed: package.json, the dashboard's files and the example cameras.yaml lie below it. */
export const packageRoot = findRoot(dirname(fileURLToPath(import.meta.url)))

export const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }
