import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'

/** CPU seconds used by a process, without its children. Linux counts in hundredths. */
export function ownCpuSeconds (pid: number): number {
  const fields = statOf(pid)
  return (Number(fields[11]) + Number(fields[12])) / 100
}

/** The same of all its threads, in nanoseconds, without those that have ended. */
export const ownCpuNanoseconds = (pid: number): number =>
  readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => sum + Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]), 0)

/** CPU seconds used by a process and its children. */
export const cpuSeconds = (pid: number): number => sum(pid, ownCpuSeconds)

/** The same of a process and its children. */
export const treeCpuNanoseconds = (pid: number): number => sum(pid, ownCpuNanoseconds)

/** The shares of a processor that a process takes in the next seconds, without and with its children. */
export async function cpuShares (pid: number, seconds: number): Promise<{ own: number, all: number }> {
  const look = () => ({ own: ownCpuSeconds(pid), all: cpuSeconds(pid) })
  const before = look()
  await wait(seconds * 1_000)
  const after = look()
  return { own: (after.own - before.own) / seconds, all: (after.all - before.all) / seconds }
}

/** Bytes of memory that a process uses now. */
export const residentBytes = (pid: number): number => bytesOf(pid, 'status', /^VmRSS:\s+(\d+)/m)

/** Bytes of private memory: neither shared nor mapped from files. */
export const privateBytes = (pid: number): number => bytesOf(pid, 'status', /^RssAnon:\s+(\d+)/m)

/** Bytes mapped from files: the program and its libraries, which processes of the same program share. */
export const fileBytes = (pid: number): number => bytesOf(pid, 'status', /^RssFile:\s+(\d+)/m)

export const openFiles = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length

/** Bytes used by a process and its children. Memory that they share counts once. */
export const treeBytes = (pid: number): number => sum(pid, pssBytes)

/** Bytes used by a process. Of memory that it shares with others, it counts its part. */
export const pssBytes = (pid: number): number => bytesOf(pid, 'smaps_rollup', /^Pss:\s+(\d+)/m)

/** The fields of /proc/PID/stat after the program's name: state, parent … */
const statOf = (pid: number) => readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ')

const bytesOf = (pid: number, file: string, kilobytes: RegExp) => 1024 * Number(kilobytes.exec(readFileSync(`/proc/${pid}/${file}`, 'utf8'))![1])

export function childrenOf (pid: number): number[] {
  return readdirSync('/proc').filter(name => /^\d+$/.test(name)).map(Number).filter(one => {
    try {
      return Number(statOf(one)[1]) === pid
    } catch {
      return false // the process has ended
    }
  })
}

/** Sums up a value of a process and of its children. */
function sum (pid: number, of: (pid: number) => number): number {
  return childrenOf(pid).reduce((total, one) => {
    try {
      return total + of(one)
    } catch {
      return total // the process has ended
    }
  }, of(pid))
}
