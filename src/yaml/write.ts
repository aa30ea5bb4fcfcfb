import { Document, isMap, isPair, isScalar, visit } from 'yaml'

/** Maps from this depth on are written in one line: { type: v4l2, device: /dev/video0 }. */
const FLOW_DEPTH = 3
/** Texts under these keys are always quoted: unquoted, a # or a leading @ is easily broken when somebody edits the file. */
const QUOTED = new Set(['username', 'password'])

const WHOLE_NUMBER = /^[1-9]\d{0,8}$/

/** Writes values as YAML that reads back as the same values, with an empty line between the maps of the second level. */
export function writeYaml (value: object): string {
  const document = new Document(value)
  visit(document, {
    Pair (_, { key, value }) {
      if (isScalar(key) && typeof key.value === 'string' && WHOLE_NUMBER.test(key.value)) key.value = Number(key.value) // 1: and not "1":
      if (isScalar(key) && QUOTED.has(String(key.value)) && isScalar(value) && typeof value.value === 'string') value.type = 'QUOTE_DOUBLE'
    },
    Map (_, map, path) {
      const depth = path.filter(isMap).length
      if (depth >= FLOW_DEPTH) map.flow = true
      if (depth !== 1) return
      for (const [index, pair] of map.items.entries()) if (index > 0 && isPair(pair) && isScalar(pair.key)) pair.key.spaceBefore = true
    }
  })
  return document.toString({ lineWidth: 0, flowCollectionPadding: true })
}
