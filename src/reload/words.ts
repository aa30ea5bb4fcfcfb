import { isDeepStrictEqual } from 'node:util'
import type { Change, Changes } from '../config/changes.js'
import { byId, type Camera, type Registry } from '../config/registry.js'
import type { ServerSettings } from '../config/server.js'

/** What has changed, a phrase for each camera and each key of `server`. Quotes no value: it may be a secret. */
export function inWords ({ added, removed, changed, reordered, server, notify }: Changes, before: Registry, after: Registry, effect: (key: keyof ServerSettings) => string): string[] {
  const [old, now] = [byId(before.cameras), byId(after.cameras)]
  return [
    ...added.map(id => `camera ${id} added`),
    ...removed.map(id => `camera ${id} removed`),
    ...[...changed].map(([id, change]) => `camera ${id}: ${listed(differing(old.get(id)!, now.get(id)!))} changed${consequences[change]}`),
    ...reordered ? ['the order of the cameras changed'] : [],
    ...server.map(key => `server.${key}${effect(key)}`),
    ...notify ? ['notify changed'] : []
  ]
}

const consequences: Readonly<Record<Exclude<Change, 'none'>, string>> = {
  name: '',
  renditions: '',
  pictures: ', its pictures are made anew',
  connection: ', reconnecting'
}

/** Keys of the registry that have another name in the file, or none. */
const WRITTEN: Readonly<Partial<Record<keyof Camera, string>>> = { credentials: 'username or password', secrets: '' }

function differing (before: Camera, after: Camera): string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])] as Array<keyof Camera>
  return keys.filter(key => !isDeepStrictEqual(before[key], after[key])).map(key => WRITTEN[key] ?? key).filter(Boolean)
}

const listed = (words: readonly string[]): string => words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
