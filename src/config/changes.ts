import { isDeepStrictEqual } from 'node:util'
import { byId, type Camera, type LiveCamera, type Registry } from './registry.js'
import type { ServerSettings } from './server.js'

/**
 * What a changed configuration makes anew, each kind more than the one before it:
 * - `name`: nothing. It is text, a limit, or whether something runs.
 * - `renditions`: streams beside the camera's own picture, and what moves the camera.
 * - `pictures`: the JPEGs. The connection to the camera stays.
 * - `connection`: the attempt at the camera.
 */
const CHANGES = ['none', 'name', 'renditions', 'pictures', 'connection'] as const
export type Change = typeof CHANGES[number]

type Configured = Camera | LiveCamera
type Key = Exclude<keyof Camera | keyof LiveCamera, 'id'>

const CHANGE_BY_KEY: Readonly<Record<Key, Change>> = {
  name: 'name',
  enabled: 'name',
  maxViewers: 'name',
  onDemand: 'name',
  decode: 'name',
  secrets: 'name', // the values themselves are in the keys that name them
  simulated: 'name',
  renditions: 'renditions',
  substream: 'renditions',
  onvif: 'renditions',
  fps: 'pictures',
  quality: 'pictures',
  width: 'pictures',
  height: 'pictures',
  crop: 'pictures',
  rotate: 'pictures',
  flip: 'pictures',
  overlay: 'pictures',
  hwaccel: 'pictures',
  source: 'connection',
  credentials: 'connection',
  auth: 'connection',
  transport: 'connection',
  ingest: 'connection',
  onLoss: 'connection',
  rewriteSps: 'connection'
}

/** What has to be made anew so that `after` is in force instead of `before`. Both are configurations of the same camera. */
export function changeOf (before: Configured, after: Configured): Change {
  const changes = differing<Key>(CHANGE_BY_KEY, before, after).map(key => changeBy(key, after))
  return CHANGES[Math.max(0, ...changes.map(change => CHANGES.indexOf(change)))]!
}

function changeBy (key: Key, { source, ingest, overlay }: Configured): Change {
  const change = key === 'name' && overlay?.name ? 'pictures' : CHANGE_BY_KEY[key]
  if (change !== 'pictures') return change
  switch (source.type) {
    case 'file':
    case 'v4l2':
    case 'picamera':
    case 'pattern': return 'connection' // one process reads the source and makes the pictures
    case 'http':
    case 'http-mjpeg':
    case 'http-jpeg': return key === 'fps' ? 'connection' : change // the rate of requests
    case 'rtsp':
    case 'simulated': return ingest === 'ffmpeg' ? 'connection' : change
    case 'exec': return change
  }
}

/** What a reload does not put in force: the process has it from its start, or gave it away. */
const NEEDS_RESTART: Readonly<Record<keyof ServerSettings, boolean>> = {
  host: true,
  port: true,
  tls: true,
  stateDir: true,
  auth: false,
  allowExec: true,
  maxViewers: false,
  maxViewersPerAddress: false,
  trustProxy: false,
  hosts: false,
  origins: false,
  embed: false
}

export const needsRestart = (key: keyof ServerSettings): boolean => NEEDS_RESTART[key]

/** How two registries differ. */
export interface Changes {
  /** The cameras that only the later one has, in its order. */
  readonly added: readonly string[]
  /** The cameras that only the earlier one has. */
  readonly removed: readonly string[]
  /** What has to be made anew of the cameras that both have, if they differ. */
  readonly changed: ReadonlyMap<string, Exclude<Change, 'none'>>
  /** Whether the cameras that both have stand in another order. */
  readonly reordered: boolean
  /** The keys of `server` that differ. */
  readonly server: ReadonlyArray<keyof ServerSettings>
  /** Whether `notify` differs. */
  readonly notify: boolean
}

export function changesBetween (before: Registry, after: Registry): Changes {
  const [old, now] = [byId(before.cameras), byId(after.cameras)]
  const kept = after.cameras.filter(({ id }) => old.has(id))
  return {
    added: after.cameras.filter(({ id }) => !old.has(id)).map(({ id }) => id),
    removed: before.cameras.filter(({ id }) => !now.has(id)).map(({ id }) => id),
    changed: new Map(kept.flatMap(camera => {
      const change = changeOf(old.get(camera.id)!, camera)
      return change === 'none' ? [] : [[camera.id, change] as const]
    })),
    reordered: before.cameras.filter(({ id }) => now.has(id)).some(({ id }, index) => id !== kept[index]!.id),
    server: changedServerKeys(before.server, after.server),
    notify: !isDeepStrictEqual(before.notify, after.notify)
  }
}

export const changedServerKeys = (before: ServerSettings, after: ServerSettings): Array<keyof ServerSettings> => differing<keyof ServerSettings>(NEEDS_RESTART, before, after)

/** Those of the table's keys whose values differ. */
const differing = <K extends string>(table: Readonly<Record<K, unknown>>, before: { readonly [key in K]?: unknown }, after: { readonly [key in K]?: unknown }): K[] =>
  (Object.keys(table) as K[]).filter(key => !isDeepStrictEqual(before[key], after[key]))
