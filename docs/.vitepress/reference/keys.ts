/** A JSON Schema, as far as docs/cameras.schema.json uses it. */
export interface Schema {
  readonly title?: string
  readonly description?: string
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly default?: unknown
  readonly examples?: readonly unknown[]
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly pattern?: string
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly patternProperties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
}

/** A map within a key: its name in the page, and its keys. */
export interface KeyMap { readonly title: string, readonly properties: Readonly<Record<string, Schema>>, readonly required: readonly string[] }

const code = (value: unknown) => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``
const isVariable = ({ pattern }: Schema) => pattern === '\\$\\{' // `${NAME}` may stand in place of any number or truth
const choicesOf = (schema: Schema): readonly Schema[] => (schema.anyOf ?? [schema]).filter(choice => !isVariable(choice)).flatMap(choice => choice.anyOf ? choicesOf(choice) : [choice])
const mapsIn = (schema: Schema): Schema[] => choicesOf(schema).flatMap(choice => choice.items ? mapsIn(choice.items) : choice.type === 'object' || choice.properties ? [choice] : [])
const valuesOf = (map: Schema): Schema | undefined => Object.values(map.patternProperties ?? {})[0] ?? (typeof map.additionalProperties === 'object' ? map.additionalProperties : undefined)

function typeOf (schema: Schema): string {
  if (schema.const !== undefined) return code(schema.const)
  if (schema.enum) return schema.enum.map(code).join(', ')
  if (schema.title && !schema.properties && !schema.anyOf && schema.type !== 'object') return schema.title
  if (schema.items) return `list of ${typeOf(schema.items)}`
  if (schema.anyOf) return [...new Set(choicesOf(schema).map(typeOf))].join(' or ')
  const type = Array.isArray(schema.type) ? (schema.type.includes('string') ? 'text' : schema.type.join(' or ')) : schema.type
  if (type === 'integer' || type === 'number') {
    const { minimum, exclusiveMinimum, maximum } = schema
    const [from, to] = [minimum ?? exclusiveMinimum, maximum]
    return [type === 'number' ? 'number' : 'whole number', ...from === undefined ? [] : [exclusiveMinimum === undefined ? `from ${from}` : `above ${from}`], ...to === undefined ? [] : [`to ${to}`]].join(' ')
  }
  return { string: 'text', boolean: '`true` or `false`', object: 'map' }[String(type)] ?? String(type ?? 'any')
}

/** The maps of a configuration, from the outside in, each with its keys. Those with the same keys are one. */
export function keyMaps (title: string, schema: Schema): KeyMap[] {
  const maps: KeyMap[] = []
  const seen = new Map<string, { at: number, title: string }>()
  const visit = (title: string, map: Schema) => {
    const { properties = {}, required = [] } = map
    const tag = ['type', 'kind'].find(key => properties[key]?.const !== undefined)
    const kind = String(properties[tag!]?.const)
    const named = tag === undefined ? title : `${title}: { ${tag}: ${kind} }`
    const values = valuesOf(map)
    if (Object.keys(properties).length > 0) {
      const signature = JSON.stringify([tag ?? title, Object.entries(properties).map(([key, value]) => key === tag ? key : [key, value])])
      const same = seen.get(signature)
      if (same === undefined) {
        seen.set(signature, { at: maps.length, title })
        maps.push({ title: named, properties: Object.fromEntries(Object.entries(properties).filter(([key]) => key !== tag)), required })
        for (const [key, value] of Object.entries(properties)) for (const inner of mapsIn(value)) visit(title === '' ? key : `${title}.${key}`, inner)
      } else if (same.title === title) maps[same.at] = { ...maps[same.at]!, title: maps[same.at]!.title.replace(/ \}$/, `, ${kind} }`) }
    }
    if (values) for (const inner of mapsIn(values)) visit(`${title}.${title === 'cameras' ? 'ID' : 'NAME'}`, inner)
  }
  visit(title, schema)
  return maps
}

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ')

export function tableOf ({ properties, required }: KeyMap): string {
  const rows = Object.entries(properties).map(([key, schema]) => {
    const example = schema.examples?.[0]
    const about = [schema.description ?? choicesOf(schema).find(({ description }) => description)?.description ?? '', ...example === undefined ? [] : [`Example: ${code(example)}`]].filter(Boolean).join(' ')
    return `| \`${key}\`${required.includes(key) ? ', required' : ''} | ${typeOf(schema)} | ${schema.default === undefined ? '' : code(schema.default)} | ${cell(about)} |`
  })
  return ['| key | value | default | |', '| --- | --- | --- | --- |', ...rows].join('\n')
}

/** The page of all keys of cameras.yaml. */
export function keysPage (schema: Schema): string {
  const maps = keyMaps('', schema).filter(({ title }) => title !== '' && !title.startsWith('defaults'))
  return [
    '# Every key of cameras.yaml',
    'For looking up: made of the schema that checks the file ([cameras.schema.json](../cameras.schema.json)), by `npm run reference`. [Configuration](../configuration.md) explains what the keys mean together, and why. `defaults` takes the keys of a camera, without `source` and others that only one camera can have.',
    ...maps.flatMap(map => [`## \`${map.title}\``, tableOf(map)])
  ].join('\n\n') + '\n'
}
