import { readdirSync, readFileSync } from 'node:fs'

/** CPU seconds that a process has taken, without its children; Linux counts in hundredths. */
export function ownCpuSeconds (pid: number): number {
  const fields = statOf(pid)
  return (Number(fields[11]) + Number(fields[12])) / 100
}

/** The same, with its children. */
export const cpuSeconds = (pid: number): number => sum(pid, ownCpuSeconds)

/** Bytes of memory that a process has now. */
export const residentBytes = (pid: number): number => bytesOf(pid, 'status', /^VmRSS:\s+(\d+)/m)

/** Those that are its own: not of files that it has mapped, nor shared. */
export const privateBytes = (pid: number): number => bytesOf(pid, 'status', /^RssAnon:\s+(\d+)/m)

/** Those of a process and its children; what several of them share is counted once. */
export const treeBytes = (pid: number): number => sum(pid, one => bytesOf(one, 'smaps_rollup', /^Pss:\s+(\d+)/m))

/** Of /proc/PID/stat, what stands behind the program's name: state, parent … */
const statOf = (pid: number) => readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ')

const bytesOf = (pid: number, file: string, kilobytes: RegExp) => 1024 * Number(kilobytes.exec(readFileSync(`/proc/${pid}/${file}`, 'utf8'))![1])

/** Over a process and its children. */
function sum (pid: number, of: (pid: number) => number): number {
  return readdirSync('/proc').filter(name => /^\d+$/.test(name)).map(Number).reduce((total, one) => {
    try {
      return one === pid || Number(statOf(one)[1]) === pid ? total + of(one) : total
    } catch {
      return total // it has ended
    }
  }, 0)
}
