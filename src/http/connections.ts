import { readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Clock } from '../clock.js'
import type { Camera } from '../config/registry.js'

/** File descriptors that are no viewer's: camgate's own take some 30, a camera by UDP 11 while its status frame is drawn and ffmpeg runs, a rendition's ffmpeg 3. */
const OWN = 64
const PER_CAMERA = 16
const PER_RENDITION = 3
/** Renditions that a camera has without naming any. */
const USUAL_RENDITIONS = 2
/** However low the limit is. */
const FEWEST = 64
/** Connections that streams and snapshots leave to the page, /status and control. */
const FOR_CONTROL = 32
const SAY_EVERY_MS = 60_000
const MAKE_ROOM_EVERY_MS = 1_000

/** How many files this process may have open; Infinity where the system does not say. Node has raised the soft limit to the hard one. */
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

/** How many connections there may be so that every camera can still be read. */
export function mostConnections (files: number, cameras: ReadonlyArray<Pick<Camera, 'renditions'>>): number {
  const reserved = cameras.map(({ renditions }) => PER_CAMERA + PER_RENDITION * Math.max(renditions.length, USUAL_RENDITIONS))
  return Math.max(FEWEST, files - OWN - reserved.reduce((sum, each) => sum + each, 0))
}

/** How many of so many connections may be viewers'. */
export const mostViewers = (connections: number): number => connections - FOR_CONTROL

/** Closes connections beyond `most`, and those that are idle with them: whoever controls a camera gets in soon. `say` is called once a minute at most. */
export function limitConnections (server: Server, most: number, clock: Clock, say: () => void): void {
  let open = 0
  let [saidAt, madeRoomAt] = [-Infinity, -Infinity]
  server.prependListener('connection', (socket: Socket) => {
    open++
    socket.once('close', () => { open-- })
    if (open <= most) return
    socket.destroy()
    const now = clock.now()
    if (now - madeRoomAt >= MAKE_ROOM_EVERY_MS) {
      madeRoomAt = now
      server.closeIdleConnections()
    }
    if (now - saidAt >= SAY_EVERY_MS) {
      saidAt = now
      say()
    }
  })
}
