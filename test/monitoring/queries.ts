import { read } from './prometheus.js'

interface Datasource { readonly uid: string }
interface Panel {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly gridPos: { readonly x: number, readonly y: number, readonly w: number, readonly h: number }
  readonly datasource?: Datasource
  readonly targets?: ReadonlyArray<{ readonly refId: string, readonly expr: string, readonly legendFormat: string, readonly datasource: Datasource }>
}
interface Dashboard {
  readonly panels: readonly Panel[]
  readonly annotations: { readonly list: ReadonlyArray<{ readonly expr: string }> }
  readonly templating: { readonly list: ReadonlyArray<{ readonly name: string, readonly type: string, readonly definition?: string }> }
}

export const dashboard = JSON.parse(read('dashboard.json')) as Dashboard
export const { panels } = dashboard
export const queries = [...panels.flatMap(({ targets = [] }) => targets), ...dashboard.annotations.list].map(({ expr }) => expr)

/** With values in the place of Grafana's variables. */
export const withoutVariables = (query: string): string => query.replace(/\$__(rate_interval|range)/g, '5m').replace(/\$\w+/g, '.+')

/** The series that a query names, each with the labels that it selects by, and the labels that the query groups and joins by. */
export function namesIn (query: string): { series: Array<readonly [name: string, labels: string[]]>, grouping: string[] } {
  const series = [...query.matchAll(/(?<![\w:"])((?:camgate|process|nodejs)_\w+)(?:\{([^}]*)\})?/g)]
    .map(([, name, matchers = '']) => [name!, [...matchers.matchAll(/(\w+) ?(?:=~|!=|!~|=)/g)].map(([, label]) => label!)] as const)
  const grouping = [...query.matchAll(/\b(?:by|without|on|group_left) \(([^)]*)\)/g)].flatMap(([, list]) => list!.split(/,\s*/))
  return { series, grouping }
}
