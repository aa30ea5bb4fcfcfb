import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Check, Errors } from 'typebox/schema'
import { packageRoot } from '../../src/package.js'
import { readPage, type Block } from './blocks.js'

interface Answer { readonly content?: Record<string, { readonly schema: object }> }
const api = JSON.parse(readFileSync(join(packageRoot, 'docs/openapi.json'), 'utf8')) as {
  paths: Record<string, Record<string, { responses: Record<string, Answer> }>>
  components: { schemas: Record<string, object> }
}

/** A schema with its references resolved, which allows no keys that it does not name, so that an example cannot keep an old one. */
function strict (schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strict)
  if (typeof schema !== 'object' || schema === null) return schema
  const { $ref } = schema as { $ref?: string }
  if ($ref) return strict(api.components.schemas[$ref.split('/').at(-1)!])
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, strict(value)]))
  return 'properties' in copy && !('additionalProperties' in copy) ? { ...copy, additionalProperties: false } : copy
}

/** The addresses in the heading of the chapter that a block is in, such as `/start/{id}`. */
function pathsAbove ({ page, line }: Block): string[] {
  const heading = readPage(page).split('\n').slice(0, line).findLast(text => /^## /.test(text)) ?? ''
  return [...heading.matchAll(/\/[\w/:.]+/g)].map(([path]) => path.replace(/:(\w+)/g, '{$1}'))
}

/** What is wrong with a block of JSON: an error of camgate, or an answer of the route that its chapter is about. */
export function answerFault (block: Block): string | undefined {
  const value: unknown = JSON.parse(block.text)
  if (block.page !== 'docs/http.md') return undefined
  const isProblem = typeof value === 'object' && value !== null && 'statusCode' in value
  const schemas = isProblem
    ? [api.components.schemas.Problem!]
    : pathsAbove(block).flatMap(path => Object.values(api.paths[path] ?? {})).flatMap(({ responses }) => Object.entries(responses))
      .flatMap(([status, { content }]) => status.startsWith('2') && content?.['application/json'] ? [content['application/json'].schema] : [])
  const checked = schemas.map(strict) as Array<Parameters<typeof Check>[0]>
  if (checked.some(schema => Check(schema, value))) return undefined
  if (checked.length === 0) return 'no route of this chapter answers with JSON'
  const [, errors] = Errors(checked[0]!, value)
  return errors.map(({ instancePath, message, params }) => `${instancePath}: ${message} ${JSON.stringify(params)}`).join('; ')
}
