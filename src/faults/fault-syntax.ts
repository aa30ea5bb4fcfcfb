import { Value } from 'typebox/value'
import { CamgateError } from '../errors.js'
import { FaultSchema, type Fault } from './fault.js'

interface Parameter { readonly name: string, readonly isInteger: boolean, readonly mayBeZero: boolean }

/** The kinds of fault and their parameters, in the order of the schema. */
const kinds = FaultSchema.anyOf.map(({ properties: { kind, ...parameters } }) => ({
  kind: kind.const,
  parameters: Object.entries(parameters).map(([name, schema]): Parameter => ({ name, isInteger: schema.type === 'integer', mayBeZero: Value.Check(schema, 0) }))
}))

/** Joins the parameters as in `stall:AFTER` and `resize:AFTER:WIDTHxHEIGHT`; `write` formats each. */
const spell = ({ kind, parameters }: typeof kinds[number], write: (parameter: Parameter) => string): string =>
  kind + parameters.map(parameter => (parameter.name === 'height' ? 'x' : ':') + write(parameter)).join('')

/** An integer `every` counts pictures; any other is a time. */
const placeholder = ({ name, isInteger }: Parameter): string => name === 'every' && isInteger ? 'NTH' : name.toUpperCase()

const spellings = kinds.map(kind => spell(kind, placeholder))

/** For usage texts. */
export const faultSyntax = `${spellings.slice(0, -1).join(', ')} or ${spellings.at(-1)}, with times in seconds`

const NUMBER = '(\\d{1,6}(?:\\.\\d+)?)'

/** Parses a fault as the command line spells it: `stall:5`, `resize:5:640x360`. Throws USAGE. */
export function parseFault (text: string): Fault {
  for (const kind of kinds) {
    const [matched, ...numbers] = new RegExp(`^${spell(kind, () => NUMBER)}$`).exec(text)?.map(Number) ?? []
    if (matched === undefined || !kind.parameters.every((parameter, index) => isValid(parameter, numbers[index]!))) continue
    return { kind: kind.kind, ...Object.fromEntries(kind.parameters.map(({ name }, index) => [name, numbers[index]])) } as Fault
  }
  throw new CamgateError('USAGE', `--fault: expected ${faultSyntax}; received ${JSON.stringify(text)}.`)
}

const isValid = ({ isInteger, mayBeZero }: Parameter, value: number): boolean =>
  (value > 0 || mayBeZero) && (!isInteger || Number.isInteger(value))
