import { readdirSync, readFileSync } from 'node:fs'

export interface ProcessInfo { readonly pid: number, readonly parent: number, readonly command: string }

/** Every process of this machine, from /proc (Linux). */
export function processes (): ProcessInfo[] {
  return readdirSync('/proc').filter(name => /^\d+$/.test(name)).flatMap(name => {
    try {
      // The name in parentheses may contain anything, even a ')'.
      const [, parent] = readFileSync(`/proc/${name}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ')
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
      return [{ pid: Number(name), parent: Number(parent), command }]
    } catch {
      return [] // it has just ended
    }
  })
}

/** The processes that `pid` has started. A zombie has no command. */
export const childrenOf = (pid: number): ProcessInfo[] => processes().filter(({ parent }) => parent === pid)

/** Whether a process exists. A zombie does. */
export function isAlive (pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** The ffmpegs that decode cameras' pictures for this camgate, without those that draw status frames, which end by themselves. */
export const readersOf = (pid: number): ProcessInfo[] => childrenOf(pid).filter(({ command }) => /ffmpeg.* (concat|pipe:3)( |$)/.test(command))
