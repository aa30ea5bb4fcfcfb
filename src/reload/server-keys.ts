import type { ServerSettings } from '../config/server.js'

/** What a reload does not put in force: the process has it from its start, or gave it away. */
const NEEDS_RESTART: Readonly<Record<keyof ServerSettings, boolean>> = {
  host: true,
  port: true,
  tls: true,
  allowExec: true,
  stateDir: true,
  auth: false,
  trustProxy: false,
  hosts: false,
  origins: false,
  embed: false,
  maxViewers: false,
  maxViewersPerAddress: false
}

export const needsRestart = (key: keyof ServerSettings): boolean => NEEDS_RESTART[key]
