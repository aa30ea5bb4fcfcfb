import { statSync } from 'node:fs'
import { loadRegistry } from '../config/load.js'
import type { Registry } from '../config/registry.js'
import { CamgateError } from '../errors.js'
import { ConfigError, inPlace, type Diagnostic } from '../yaml/diagnostic.js'
import { finding, type Finding } from './finding.js'

/** Reads the file as a start does. `registry` is undefined if it cannot be used. */
export function readConfiguration (file: string, env: NodeJS.ProcessEnv): { registry: Registry | undefined, findings: Finding[] } {
  const findings = replacedFindings(file)
  try {
    const registry = loadRegistry(file, env)
    return { registry, findings: [...findings, ...registry.warnings.map(warning => finding('warning', 'configuration', 'doubtful', inPlace(file, warning)))] }
  } catch (error) {
    if (!(error instanceof CamgateError)) throw error
    const faults = error instanceof ConfigError ? error.diagnostics.map(fault => faultFinding(inPlace(file, fault), isMissingVariable(fault))) : [faultFinding(error.message)]
    return { registry: undefined, findings: [...findings, ...faults] }
  }
}

const isMissingVariable = ({ message }: Diagnostic): boolean => /^the environment variable \w+ is not set$/.test(message)

const faultFinding = (fault: string, isVariable = false): Finding => isVariable
  ? finding('error', 'configuration', 'no-variable', `${fault} here`, 'Set it in the environment that camgate is started in.')
  : finding('error', 'configuration', 'fault', fault, [], 'camgate does not start with it, and a running one keeps the configuration that it has.')

/** Variables that only the environment of this command lacks: a camgate that runs, and finds no fault in the file, has them. */
export const asServiceSeesIt = (findings: readonly Finding[]): Finding[] => findings.map(found => found.code === 'no-variable'
  ? { ...found, level: 'note', todo: [], why: 'The camgate that runs was started with it.' }
  : found)

/** A file that was mounted alone into a container, and then replaced on the host, stays the old one for ever. */
function replacedFindings (file: string): Finding[] {
  const { nlink } = statSync(file, { throwIfNoEntry: false }) ?? { nlink: 1 }
  return nlink > 0 ? [] : [finding('error', 'configuration', 'replaced', `${file} was replaced outside of this container, which still has the old one.`, 'Mount the folder that it is in, not the file alone.')]
}
