// @ts-ignore: plain JavaScript, because tap's reporter imports it
import { CANARY } from './leaks.mjs'

/** Makes a username, password or key that the search finds even in pieces: see leaks.mjs. */
export const secret = (text: string): string => CANARY + text.replace(/[^a-z0-9%]+/gi, signs => signs + CANARY)

/** The credentials of cameras, of an address, of tokens, and of links, each in a group. */
const CREDENTIALS = /(?<![\w-])(?:username|password|secret|token)"?:[ "']*([^,}\n]*)|:\/\/([^\s/?#'"]*)@|(?<![\w-])keys"?: *\{([^}]*)\}/g

/** Throws if a configuration contains credentials that the search would not find. It finds every hash, and what comes from a variable is up to the test. */
export function checkMarked (yaml: string): void {
  for (const [written, ...groups] of yaml.matchAll(CREDENTIALS)) {
    const value = groups.find(group => group !== undefined) ?? ''
    if (!value.includes(CANARY) && !/\$\{|^\$scrypt\$/.test(value)) {
      throw new Error(`${written}: the search would not find this one; tests take usernames, passwords and keys from secret() in test/e2e/credentials.ts`)
    }
  }
}
