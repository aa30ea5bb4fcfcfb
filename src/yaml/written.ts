import { literal } from './substitute.js'

/** A URL as YAML. `#` begins a comment only after a space, which no URL has; a dollar may begin a variable. */
export const writtenUrl = (url: string): string => /^[\w:/.?=&%@+~,;-]+$/.test(url) ? url : writtenText(url)

/** Stands above cameras whose password is `${CAM_PASSWORD}`. */
export const PASSWORD_COMMENT = '# The password is not written here: set CAM_PASSWORD in the environment that camgate is started in.'

/** Text as YAML: JSON is YAML. A `${` of the text itself is written `$${`. */
export const writtenText = (text: string): string => JSON.stringify(literal(text))
