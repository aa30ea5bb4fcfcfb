import { createRequire } from 'node:module'

interface Library { func (prototype: string): (...args: unknown[]) => number }
interface Koffi { load (library: string): Library }

/** The C library, for calls that Node has none for, by koffi, an optional dependency; undefined where there is none, or another libc. */
export const libc: Library | undefined = (() => {
  if (process.platform !== 'linux') return undefined
  try {
    return (createRequire(import.meta.url)('koffi') as Koffi).load('libc.so.6')
  } catch {
    return undefined
  }
})()
