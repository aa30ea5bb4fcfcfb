const userinfo = /([a-z][a-z0-9+.-]*:\/\/)[^\x00-\x20/?#]*@/gi // eslint-disable-line no-control-regex -- a blank of Unicode may stand in a password
const secretName = 'user(?:name)?|usr|login|pass(?:word|wd)?|pwd|psw|pw|(?:access[_-]?)?token|auth|(?:api[_-]?)?key|secret|sig(?:nature)?'
// A value ends where the next `name=` begins, so that an `&` or a `_` within a password does not show the rest of it.
const secretValue = new RegExp(`([?&;/_])(${secretName})=[^\\s'"]*?(?=[?&;/_][a-z]\\w*=|[\\s'"]|$)`, 'gi')

/**
 * Any text (a URL, a line that ffmpeg printed) without the secrets of the URLs in it: neither `user:password@` nor values
 * such as `&pwd=…`, which cheap cameras carry in their paths. Secrets in URLs are expected to hold no raw space or quote.
 */
export const redact = (text: string): string =>
  text.replace(userinfo, '$1').replace(secretValue, '$1$2=***')
