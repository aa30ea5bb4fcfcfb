import { createRequire } from 'node:module'

interface Library { func (prototype: string): (...args: unknown[]) => number }
interface Koffi { load (library: string): Library }

/** The C library, for calls that Node lacks, through koffi, an optional dependency. Undefined without koffi, and with another libc than glibc. */
export const libc: Library | undefined = (() => {
  if (process.platform !== 'linux') return undefined
  try {
    return (createRequire(import.meta.url)('koffi') as Koffi).load('libc.so.6')
  } catch {
    return undefined
  }
})()
