import { readlink, stat } from 'node:fs/promises'
import { dirname, isAbsolute, join, parse, resolve, sep } from 'node:path'

/** Linux follows as many links, then gives up. */
const MAX_LINKS = 40

/** The names that decide what a path leads to, by the folder that holds them: of the file itself, and of each symbolic link on the way. */
export type Places = Map<string, Set<string>>

/** Where a change may give one of the paths another content. A Kubernetes volume, for one, replaces the link `..data` beside a file that is itself a link through it. */
export async function placesOf (paths: Iterable<string>): Promise<Places> {
  const places: Places = new Map()
  const links = new Map<string, Promise<string | undefined>>()
  const linkAt = (path: string) => {
    const known = links.get(path) ?? readlink(path).catch(() => undefined)
    links.set(path, known)
    return known
  }
  for (const path of paths) {
    for await (const [folder, name] of namesOn(resolve(path), linkAt)) places.set(folder, (places.get(folder) ?? new Set()).add(name))
  }
  return places
}

async function * namesOn (path: string, linkAt: (path: string) => Promise<string | undefined>): AsyncGenerator<[folder: string, name: string]> {
  let folder = parse(path).root
  const ahead = partsOf(path.slice(folder.length))
  for (let links = 0, name = ahead.shift(); name !== undefined; name = ahead.shift()) {
    if (name === '..') {
      folder = dirname(folder)
      continue
    }
    const target = await linkAt(join(folder, name))
    if (target !== undefined || ahead.length === 0) yield [folder, name]
    if (target === undefined) folder = join(folder, name)
    else if (++links > MAX_LINKS) return
    else {
      if (isAbsolute(target)) folder = parse(target).root
      ahead.unshift(...partsOf(target))
    }
  }
}

const partsOf = (path: string): string[] => path.split(sep).filter(part => part !== '' && part !== '.')

/** Differs once another folder has taken the place of this one: a watch stays with the old one. */
export async function identityOf (folder: string): Promise<string> {
  return await stat(folder).then(({ dev, ino }) => `${dev}:${ino}`, () => 'none')
}
