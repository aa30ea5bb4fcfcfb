import type { At } from './fault.js'

/** A value of the file and where it stands. */
export type Value = ScalarValue | MapValue | ListValue

export interface ScalarValue {
  kind: 'scalar'
  at: At
  /** What YAML makes of it, with every `${…}` filled in. */
  value: unknown
  /** The same as text, as it was written: `0123` and `1.0` stay so. */
  text: string
  /** What stands in the file, if a `${…}` was filled in: `text` is then not for showing. */
  written?: string
  /** What was put in for each `${…}`. */
  filledIn?: readonly string[]
  /** A `${…}` in it has no value; that is reported, and nothing more is to be said about this scalar. */
  broken?: boolean
}

export interface MapValue {
  kind: 'map'
  at: At
  entries: Map<string, { at: At, value: Value }>
}

export interface ListValue {
  kind: 'list'
  at: At
  items: Value[]
}
