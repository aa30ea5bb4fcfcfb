import { libc } from '../libc.js'

const RLIMIT_DATA = 2 // bits/resource.h

const prlimit = libc?.func('int prlimit64(int pid, int resource, const uint64_t *limit, void *old)')

/** Limits a process's memory for data (setrlimit(2), RLIMIT_DATA). Returns whether that worked. */
export const limitMemory = (pid: number, bytes: number): boolean => prlimit?.(pid, RLIMIT_DATA, [bytes, bytes], null) === 0
