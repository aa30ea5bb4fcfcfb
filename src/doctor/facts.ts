import { readFileSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { libc } from '../libc.js'
import { messageOf } from '../errors.js'
import { StateFolder } from '../state-folder.js'

/** What the machine is like. A fact is undefined where it cannot be known, as on another system than Linux. */
export interface MachineFacts {
  /** As in `process.version`. */
  readonly node: string
  readonly udpReceiveBytes: number | undefined
  readonly watchedFolders: number | undefined
  /** Whether a time server sets the clock. */
  readonly isSynchronised: boolean | undefined
  readonly state: { readonly path: string, readonly freeBytes: number } | { readonly problem: string }
}

/** Changes nothing, and makes no folder. `stateDir` is the configured one. */
export async function readFacts (stateDir: string | undefined): Promise<MachineFacts> {
  return {
    node: process.version,
    udpReceiveBytes: setting('net/core/rmem_max'),
    watchedFolders: setting('fs/inotify/max_user_watches'),
    isSynchronised: isSynchronised(),
    state: await stateFacts(stateDir)
  }
}

function setting (name: string): number | undefined {
  try {
    return Number(readFileSync(`/proc/sys/${name}`, 'latin1'))
  } catch {
    return undefined
  }
}

const TIMEX_BYTES = 256
/** The kernel's clock has no error bound, because nothing sets it: adjtimex(2). */
const TIME_ERROR = 5

function isSynchronised (): boolean | undefined {
  const status = libc?.func('int adjtimex(_Inout_ uint8_t *timex)')(Buffer.alloc(TIMEX_BYTES)) // modes is 0: it sets nothing
  return status === undefined || status < 0 ? undefined : status !== TIME_ERROR
}

async function stateFacts (stateDir: string | undefined): Promise<MachineFacts['state']> {
  try {
    const path = await StateFolder.find(stateDir)
    return { path, freeBytes: await freeBytes(path) }
  } catch (error) {
    return { problem: messageOf(error) }
  }
}

/** Of the disk on which the folder is, or would be. */
async function freeBytes (path: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(path)
    return bavail * bsize
  } catch (error) {
    if (dirname(path) === path) throw error
    return await freeBytes(dirname(path))
  }
}
