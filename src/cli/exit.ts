import { CamgateError, messageOf, type ErrorCode, type StartErrorCode } from '../errors.js'
import { ConfigError } from '../yaml/diagnostic.js'
import type { Io } from './command.js'

/** Codes of sysexits.h, so that scripts, systemd and people can distinguish failures; `unhealthy` is Docker's. */
export const EXIT = {
  unhealthy: 1, usage: 64, data: 65, noInput: 66, noHost: 68, unavailable: 69, software: 70, exists: 73, output: 74, tempFail: 75, protocol: 76, noPermission: 77, config: 78
} as const

const exitCodes: Readonly<Partial<Record<ErrorCode, number>>> = {
  CONFIG: EXIT.config,
  EXISTS: EXIT.exists,
  IMPORT: EXIT.data,
  NO_FFMPEG: EXIT.unavailable,
  PORT_BUSY: EXIT.unavailable,
  STATE: EXIT.config,
  TLS: EXIT.config,
  USAGE: EXIT.usage
} satisfies Record<StartErrorCode, number>

/**
 * Prints why a command failed, and returns the exit code. A CamgateError is its message; any other error is a defect and is printed with its stack.
 * With --json the answer on stdout is the error, because whoever reads one answer there should not have to read another stream for the other.
 */
export function reportFailure (error: unknown, { json, stdout, stderr }: Pick<Io, 'json' | 'stdout' | 'stderr'>): number {
  const known = error instanceof CamgateError
  if (json) {
    const code = known ? error.code : 'INTERNAL'
    stdout.write(`${JSON.stringify({ error: { code, message: messageOf(error), ...error instanceof ConfigError && { faults: error.diagnostics } } })}\n`)
  }
  if (!json || !known) stderr.write(`${known ? error.message : error instanceof Error ? error.stack : String(error)}\n`)
  return known ? exitCodes[error.code] ?? EXIT.unavailable : EXIT.software
}
