import { readOrigin } from '../text/origin.js'

/** A request's headers, with names in lower case. */
export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>

/** The origin of an http or https address; undefined for anything else. */
export const originOf = (address: unknown): string | undefined => typeof address === 'string' ? readOrigin(address)?.origin : undefined

/** Browsers send one of these when they load an address that somebody may open next: Chromium, Firefox, Safari, and their older versions. */
const PREFETCH_HEADERS = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz']

/**
 * Whether a request may change something, or open a WebSocket, as far as its site decides it. Browsers attach a user's address, cookie and password
 * to the requests of any site, but no site can forge Origin, Referer or Sec-Fetch-Site, nor attach a token without asking first (CORS).
 * @param own the service's origin, as the client sees it
 */
export function mayChangeState (headers: RequestHeaders, own: string | undefined, origins: readonly string[]): 'allowed' | 'prefetch' | 'cross-site' {
  const { authorization, origin, referer, 'sec-fetch-site': site } = headers
  if (PREFETCH_HEADERS.some(name => headers[name] !== undefined)) return 'prefetch'
  if (/^bearer /i.test(String(authorization))) return 'allowed'
  if (site === 'same-origin' || site === 'none') return 'allowed' // even with `Origin: null`, which browsers send if the page has `no-referrer`
  if (origin !== undefined) return isOneOf(originOf(origin), [own, ...origins]) ? 'allowed' : 'cross-site'
  if (site !== undefined) return 'cross-site'
  if (referer !== undefined) return isOneOf(originOf(referer), [own]) ? 'allowed' : 'cross-site'
  return isProgram(headers) ? 'allowed' : 'cross-site'
}

const isOneOf = (page: string | undefined, origins: ReadonlyArray<string | undefined>) => page !== undefined && origins.includes(page)

/** Whether it cannot be a browser, which says where it comes from only to `https:` and localhost. PowerShell calls itself Mozilla, and Node sends `*` for any language. */
function isProgram ({ 'user-agent': name = '', 'accept-language': language = '*' }: RequestHeaders): boolean {
  return language === '*' && !/^Mozilla\/(?!.*PowerShell)/.test(String(name))
}

/**
 * Who may show a picture that is only for the pages of `embed`, as the value of Cross-Origin-Resource-Policy; `refused` if its page is known to be another.
 * The policy makes browsers themselves keep the picture from a page that hides where it is.
 * @param own the service's origin, as the client sees it
 */
export function mayEmbed (headers: RequestHeaders, own: string | undefined, embed: readonly string[]): 'cross-origin' | 'same-origin' | 'refused' {
  const { accept, origin, referer, 'sec-fetch-site': site } = headers
  const page = origin === undefined ? originOf(referer) : originOf(origin) ?? 'null'
  if (isOneOf(page, embed)) return 'cross-origin'
  if (site === 'same-origin' || site === 'none' || isOneOf(page, [own])) return 'same-origin'
  if (String(accept).includes('text/html')) return 'same-origin' // opened as a page, or in a frame, which `frame-ancestors` decides
  return page !== undefined || site !== undefined ? 'refused' : 'same-origin'
}
