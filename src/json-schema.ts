import { Type, type TSchema } from 'typebox'

/** A value that may be unknown. */
export const nullable = <T extends TSchema>(type: T, description: string) => Type.Union([type, Type.Null()], { description })

export const IsoTime = Type.String({ description: 'ISO 8601' })
