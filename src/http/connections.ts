import { readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { networkOf } from '../access/network.js'
import type { Clock } from '../clock.js'
import type { Camera } from '../config/registry.js'
import { DEFAULT_RENDITIONS } from '../renditions/rendition-options.js'

/** File descriptors that no viewer uses: about 30 for the process, 11 for a camera over UDP while its status frame is drawn and ffmpeg runs, 4 for a rendition's ffmpeg. */
const OWN_FILES = 64
const FILES_PER_CAMERA = 16
const FILES_PER_RENDITION = 4
/** Allowed even if the limit of open files is lower. */
const MIN_CONNECTIONS = 64
/** Connections that are reserved for the page, /status and control. */
const CONTROL_CONNECTIONS = 16
/** The share of the connections for who listens to /events, and the bounds of it. */
const LISTENER_SHARE = 1 / 8
const MIN_LISTENERS = 16
const MAX_LISTENERS = 2_000
/** More than the pages of an office need that share one address. */
const MAX_CONNECTIONS_PER_ADDRESS = 1_000
const WARN_INTERVAL_MS = 60_000
const MAKE_ROOM_INTERVAL_MS = 1_000

/** How many files this process may have open; Infinity if unknown. Node has raised the soft limit to the hard one. */
export function openFileLimit (limits = readLimits()): number {
  return Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? Infinity)
}

function readLimits (): string {
  try {
    return readFileSync('/proc/self/limits', 'latin1')
  } catch {
    return '' // not Linux
  }
}

/** The highest number of connections that leaves enough files for every camera. */
export function maxConnectionsFor (files: number, cameras: ReadonlyArray<Pick<Camera, 'renditions'>>): number {
  const reserved = cameras.map(({ renditions }) => FILES_PER_CAMERA + FILES_PER_RENDITION * Math.max(renditions.length, DEFAULT_RENDITIONS.length))
  return Math.max(MIN_CONNECTIONS, files - OWN_FILES - reserved.reduce((sum, each) => sum + each, 0))
}

/** How many of these connections may listen to /events. */
export const maxListenersFor = (connections: number): number => Math.min(Math.max(Math.floor(connections * LISTENER_SHARE), MIN_LISTENERS), MAX_LISTENERS)

/** How many of these connections viewers may use. */
export const maxViewersFor = (connections: number): number => connections - CONTROL_CONNECTIONS - maxListenersFor(connections)

export interface ConnectionLimits {
  readonly max: () => number
  readonly clock: Clock
  /** Called at most once a minute, when there are too many in all. */
  readonly warn: () => void
  /** Addresses that may have any number: proxies, through which all viewers come. */
  readonly mayHaveMany: (address: string | undefined) => boolean
}

/** Closes connections beyond the limits. If there are too many in all, closes idle ones too, so that cameras can be controlled again soon. */
export function limitConnections (server: Server, { max, clock, warn, mayHaveMany }: ConnectionLimits): void {
  let open = 0
  const networks = new Map<string, number>()
  let [warnedAt, madeRoomAt] = [-Infinity, -Infinity]
  const count = (network: string, difference: 1 | -1) => {
    open += difference
    const own = (networks.get(network) ?? 0) + difference
    if (own > 0) networks.set(network, own)
    else networks.delete(network) // there are more addresses than memory
    return own
  }
  server.prependListener('connection', (socket: Socket) => {
    const network = networkOf(socket.remoteAddress ?? '')
    const own = count(network, 1)
    socket.once('close', () => { count(network, -1) })
    const isTooMany = open > max()
    if (isTooMany || (own > MAX_CONNECTIONS_PER_ADDRESS && !mayHaveMany(socket.remoteAddress))) socket.destroy()
    if (!isTooMany) return
    const now = clock.now()
    if (now - madeRoomAt >= MAKE_ROOM_INTERVAL_MS) {
      madeRoomAt = now
      server.closeIdleConnections()
    }
    if (now - warnedAt >= WARN_INTERVAL_MS) {
      warnedAt = now
      warn()
    }
  })
}
