import { statSync } from 'node:fs'
import { loadRegistry } from '../config/load.js'
import type { Registry } from '../config/registry.js'
import { CamgateError } from '../errors.js'
import { ConfigError, inPlace } from '../yaml/diagnostic.js'
import { finding, type Finding } from './finding.js'

/** Reads the file as a start does. `registry` is undefined if it cannot be used. */
export function readConfiguration (file: string, env: NodeJS.ProcessEnv): { registry: Registry | undefined, findings: Finding[] } {
  const findings = replacedFindings(file)
  try {
    const registry = loadRegistry(file, env)
    return { registry, findings: [...findings, ...registry.warnings.map(warning => finding('warning', 'configuration', 'doubtful', inPlace(file, warning)))] }
  } catch (error) {
    if (!(error instanceof CamgateError)) throw error
    const faults = error instanceof ConfigError ? error.diagnostics.map(fault => inPlace(file, fault)) : [error.message]
    return { registry: undefined, findings: [...findings, ...faults.map(fault => finding('error', 'configuration', 'fault', fault, [], 'camgate does not start with it, and a camgate that runs goes on with the one before.'))] }
  }
}

/** A file that was mounted alone into a container, and then replaced on the host, stays the old one for ever. */
function replacedFindings (file: string): Finding[] {
  const { nlink } = statSync(file, { throwIfNoEntry: false }) ?? { nlink: 1 }
  return nlink > 0 ? [] : [finding('error', 'configuration', 'replaced', `${file} was replaced outside of this container, which still has the old one.`, 'Mount the folder that it is in, not the file alone.')]
}
