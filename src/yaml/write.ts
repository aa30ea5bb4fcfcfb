import { Document, isMap, isPair, isScalar, visit } from 'yaml'

export interface Style {
  /** Maps under these keys are written in one line: `source: { type: v4l2, device: /dev/video0 }`. */
  readonly inline: readonly string[]
  /** Texts under these keys are always quoted: unquoted, a # or a leading @ is easily broken when somebody edits the file. */
  readonly quoted: readonly string[]
}

const WHOLE_NUMBER = /^[1-9]\d{0,8}$/

/** Writes values as YAML that reads back as the same values, with an empty line between maps that stand side by side in one of the two upper levels. */
export function writeYaml (value: object, { inline, quoted }: Style): string {
  const document = new Document(value)
  visit(document, {
    Pair (_, { key, value }) {
      if (!isScalar(key) || typeof key.value !== 'string') return
      if (quoted.includes(key.value) && isScalar(value) && typeof value.value === 'string') value.type = 'QUOTE_DOUBLE'
      if (inline.includes(key.value) && isMap(value)) value.flow = true
      if (WHOLE_NUMBER.test(key.value)) key.value = Number(key.value) // 1: and not "1":
    },
    Map (_, map, path) {
      if (path.filter(isMap).length > 1 || !map.items.every(({ value }) => isMap(value))) return
      for (const pair of map.items.slice(1)) if (isPair(pair) && isScalar(pair.key)) pair.key.spaceBefore = true
    }
  })
  return document.toString({ lineWidth: 0, flowCollectionPadding: true })
}
