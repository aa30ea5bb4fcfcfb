export type Labels = Readonly<Record<string, string>>

/** One series, as it is now. */
export interface Sample {
  readonly labels?: Labels
  readonly value: number
  /** Appended to the family's name, for the parts of a histogram. */
  readonly suffix?: '_bucket' | '_sum' | '_count'
}

/** The series of one name. They are read when somebody asks, so that nothing is kept for them in between. */
export interface Family {
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  samples (): Sample[]
}
