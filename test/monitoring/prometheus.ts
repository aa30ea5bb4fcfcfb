import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { packageRoot } from '../../src/package.js'

export interface Rule {
  readonly record?: string
  readonly alert?: string
  readonly expr: string
  readonly for?: string
  readonly keep_firing_for?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
}
export interface Rules { groups: Array<{ name: string, rules: Rule[] }> }

export const folder = join(packageRoot, 'docs/monitoring')
export const read = (file: string) => readFileSync(join(folder, file), 'utf8')
export const rules = (parse(read('alerts.yml')) as Rules).groups.flatMap(({ rules }) => rules)
export const alerts = rules.filter(({ alert }) => alert !== undefined)

/** Why tests that need Debian's Prometheus are skipped; false if they are not. */
export const noPrometheus = ['promtool', 'amtool'].some(program => spawnSync(program, ['--version']).status !== 0) &&
  'NOT TESTED: there is no Prometheus. Install it: apt-get install prometheus prometheus-alertmanager'

/** What promtool or amtool objects to; empty if it accepts everything. */
export function objections (program: 'promtool' | 'amtool', args: readonly string[], { cwd = folder, input = '' } = {}): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, input, encoding: 'utf8' })
  return status === 0 ? '' : `${error ?? ''}${stdout}${stderr}` || `exit code ${status}`
}
