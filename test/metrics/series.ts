/** The values in an answer of /metrics, by name and labels as they are written there. */
export const seriesOf = (text: string): Record<string, number> => Object.fromEntries(text.split('\n').filter(line => line !== '' && !line.startsWith('#')).map(line => {
  const end = line.lastIndexOf(' ')
  return [line.slice(0, end), Number(line.slice(end + 1))]
}))

/** Those whose names begin so. */
export const beginningWith = (start: string, series: Record<string, number>): Record<string, number> => Object.fromEntries(Object.entries(series).filter(([name]) => name.startsWith(start)))
