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
