// @ts-ignore: plain JavaScript, because tap's reporter imports it
import { CANARY } from './leaks.mjs'

/** Makes a username or password that the search finds even in pieces: see leaks.mjs. */
export const secret = (text: string): string => CANARY + text.replace(/[^a-z0-9%]+/gi, signs => signs + CANARY)

/** Throws if a configuration contains credentials that the search would not find. */
export function checkMarked (yaml: string): void {
  for (const [written, apart, within] of yaml.matchAll(/(?<![\w-])(?:username|password)"?:[ "']*([^,}\n]*)|:\/\/([^\s/?#'"]*)@/g)) {
    const value = apart ?? within ?? ''
    if (!value.includes(CANARY) && !value.startsWith('${')) {
      throw new Error(`${written}: the search would not find this one; tests take usernames and passwords from secret() in test/e2e/credentials.ts`)
    }
  }
}
