import { createRequire } from 'node:module'

interface Library { func (prototype: string): (...args: unknown[]) => number }
interface Koffi { load (library: string): Library }

/** glibc, for calls that Node lacks, through the optional dependency koffi. Undefined without koffi or glibc. */
export const libc: Library | undefined = (() => {
  if (process.platform !== 'linux') return undefined
  try {
    return (createRequire(import.meta.url)('koffi') as Koffi).load('libc.so.6')
  } catch {
    return undefined
  }
})()
