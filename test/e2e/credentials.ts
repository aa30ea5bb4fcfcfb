// @ts-ignore: plain JavaScript, for tap's reporter imports it
import { CANARY } from './leaks.mjs'

/** A username or password that is found wherever it, or a piece of it, shows up: see leaks.mjs. */
export const secret = (text: string): string => CANARY + text.replace(/[^a-z0-9%]+/gi, signs => signs + CANARY)

/** Throws when a configuration holds credentials that the search would not find. */
export function checkMarked (yaml: string): void {
  for (const [written, apart, within] of yaml.matchAll(/(?<![\w-])(?:username|password)"?:[ "']*([^,}\n]*)|:\/\/([^\s/?#'"]*)@/g)) {
    const value = apart ?? within ?? ''
    if (!value.includes(CANARY) && !value.startsWith('${')) {
      throw new Error(`${written}: no search finds this one; tests take usernames and passwords from secret() in test/e2e/credentials.ts`)
    }
  }
}
