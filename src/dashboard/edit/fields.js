/**
 * @typedef {'text' | 'secret' | 'number' | 'flag' | 'choice' | 'map'} Kind
 *   map: text, or a map in JSON
 * @typedef {object} Spec a field of the form
 * @property {readonly string[]} path of its value in the camera
 * @property {Kind} kind
 * @property {readonly string[]} options of a choice
 * @property {string} preset what applies without a value; empty if nothing does
 * @property {string} description in the words of the schema
 *
 * @typedef {object} Shape the part of JSON Schema that a camera uses
 * @property {string} [type]
 * @property {string} [const]
 * @property {unknown} [default]
 * @property {string} [description]
 * @property {Readonly<Record<string, Shape>>} [properties]
 * @property {Readonly<Record<string, Shape>>} [patternProperties]
 * @property {readonly Shape[]} [anyOf]
 */

/**
 * A field for each key of a camera, in the order of the schema. Maps whose keys are known have a field for each of these.
 * @param {Shape} schema
 * @returns {Spec[]}
 */
export const specsOf = schema => Object.entries(schema.properties ?? {}).flatMap(([key, shape]) => specsAt([key], shape))

/**
 * @param {readonly string[]} path
 * @param {Shape} shape
 * @returns {Spec[]}
 */
function specsAt (path, shape) {
  const { properties, description = '', default: preset } = shape
  if (properties !== undefined) return Object.entries(properties).flatMap(([key, inner]) => specsAt([...path, key], inner))
  const options = (shape.anyOf ?? []).flatMap(option => option.const ?? [])
  const kind = kindOf(path, shape)
  return [{ path, kind, options: kind === 'flag' ? ['true', 'false'] : kind === 'choice' ? options : [], preset: preset === undefined ? '' : String(preset), description }]
}

/**
 * @param {readonly string[]} path
 * @param {Shape} shape
 * @returns {Kind}
 */
function kindOf (path, { type, anyOf = [], patternProperties }) {
  if (path.join() === 'password') return 'secret'
  if (type === 'boolean') return 'flag'
  if (patternProperties !== undefined || anyOf.some(option => option.properties !== undefined)) return 'map'
  if (anyOf.length > 0 && anyOf.every(option => option.const !== undefined)) return 'choice'
  return [type, ...anyOf.map(option => option.type)].some(name => name === 'number' || name === 'integer') ? 'number' : 'text'
}
