/**
 * The inside of a character class: line breaks, other control characters, and marks that change the direction of text. In a log they
 * would forge or hide lines.
 */
export const unprintable = '\\u0000-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069'

export const isPrintable = (text: string): boolean => !new RegExp(`[${unprintable}]`).test(text)

/** On one line, with a space for what cannot be printed. */
export const printable = (text: string): string => text.replace(new RegExp(`[${unprintable}]+`, 'g'), ' ')

const MAX_VALUE_CHARS = 60

/** Text as messages quote it: on one line, shortened, with unprintable characters escaped. */
export const quote = (text: string): string => JSON.stringify(text.length > MAX_VALUE_CHARS ? `${text.slice(0, MAX_VALUE_CHARS)}…` : text)
  .replace(new RegExp(`[${unprintable}]`, 'g'), char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
