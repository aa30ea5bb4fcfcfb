import { Type, type Static } from 'typebox'

export const FindingSchema = Type.Object({
  level: Type.Enum(['error', 'warning', 'note'], { description: 'error: something does not work · warning: it works, but badly or not for long · note: worth knowing' }),
  about: Type.String({ description: 'camera gate, ffmpeg, configuration …' }),
  code: Type.String({ description: 'For programs: the code of a failure, or that of the finding' }),
  what: Type.String({ description: 'What there is, in whole sentences' }),
  why: Type.Union([Type.String(), Type.Null()], { description: 'What follows from it, or where it comes from; null if that is clear' }),
  todo: Type.Array(Type.String(), { description: 'What to do, in sentences, the most promising first' })
})
export type Finding = Static<typeof FindingSchema>
export type Level = Finding['level']

const LEVELS: readonly Level[] = ['error', 'warning', 'note']

/** The worst first; those that are as bad stay in their order. */
export const worstFirst = (findings: readonly Finding[]): Finding[] => findings.toSorted((one, other) => LEVELS.indexOf(one.level) - LEVELS.indexOf(other.level))

export const finding = (level: Level, about: string, code: string, what: string, todo: string | readonly string[] = [], why: string | null = null): Finding =>
  ({ level, about, code, what, why, todo: typeof todo === 'string' ? [todo] : [...todo] })
