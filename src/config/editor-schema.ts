import { FileSchema } from './schema.js'

type Json = { [key: string]: unknown }

/**
 * The JSON Schema for `cameras.yaml` in editors; `docs/cameras.schema.json` contains its output. Like camgate, it accepts a number
 * for text (`password: 1234`) and `"${FPS}"` for a number. Draft 7 is the newest that yaml-language-server supports
 * (https://github.com/redhat-developer/yaml-language-server).
 */
export function editorSchema (): Json {
  const schema = relax({ ...FileSchema })
  const { cameras } = schema.properties as { cameras: { patternProperties: Json } }
  for (const [id, camera] of Object.entries(cameras.patternProperties)) {
    cameras.patternProperties[id] = { anyOf: [camera, { type: 'string', pattern: '://', description: 'Just the address, if nothing else needs to be set.' }] }
  }
  return { $schema: 'http://json-schema.org/draft-07/schema#', title: 'cameras.yaml', ...schema }
}

function relax (schema: Json): Json {
  const { description, default: preset, ...rest } = schema
  const notes = { ...(description !== undefined && { description }), ...(preset !== undefined && { default: preset }) }
  if (rest.const !== undefined || Array.isArray(rest.anyOf)) return { ...rest, ...notes, ...inside(rest) }
  switch (rest.type) {
    case 'integer':
    case 'number':
    case 'boolean': return { ...notes, anyOf: [rest, { type: 'string', pattern: '\\$\\{' }] }
    case 'string': return { ...notes, ...rest, ...(!rest.examples && { type: ['string', 'number', 'boolean'] }) }
    default: return { ...notes, ...rest, ...inside(rest) }
  }
}

/** The same schema with its members relaxed. */
function inside ({ properties, patternProperties, anyOf, items }: Json): Json {
  const members = (map: unknown) => Object.fromEntries(Object.entries(map as Json).map(([key, value]) => [key, relax(value as Json)]))
  return {
    ...(properties !== undefined && { properties: members(properties) }),
    ...(patternProperties !== undefined && { patternProperties: members(patternProperties) }),
    ...(items !== undefined && { items: relax(items as Json) }),
    ...(Array.isArray(anyOf) && { anyOf: anyOf.map(relax) })
  }
}
