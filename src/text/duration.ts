const MS_PER = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** The milliseconds of a text such as `90s`, `10m`, `2h` or `1d`. Undefined for anything else. */
export function durationMs (text: string): number | undefined {
  const [, count, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? []
  return unit ? Number(count) * MS_PER[unit as keyof typeof MS_PER] : undefined
}
