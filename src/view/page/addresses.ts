/** How an element proves who it is: with a token, with a signed link, or with what the browser sends anyway (a cookie). */
export interface Proof { readonly token?: string, readonly link?: string }

/** What a callback has given: a link is an address, and a token has neither slash nor question mark. Undefined for nothing: an empty token is refused. */
export const proofOf = (given: string | undefined): Proof | undefined => given ? /[/?]/.test(given) ? { link: given } : { token: given } : undefined

export const isSameProof = (a: Proof, b: Proof): boolean => a.token === b.token && a.link === b.link

/** When a signed link ends, in milliseconds since 1970; undefined for anything else. */
export function expiryOf (base: string, link: string | undefined): number | undefined {
  const seconds = link === undefined ? NaN : Number(new URL(link, base).searchParams.get('exp') ?? NaN)
  return Number.isFinite(seconds) ? seconds * 1_000 : undefined
}

/** The folder of an address, which ends with a slash. */
const folderOf = (address: string) => new URL('.', address).href

/** camgate's address, from which view.js came. As a module it does not know that, and looks for its element. */
export function scriptBase (): string {
  const scripts = [document.currentScript, ...document.querySelectorAll('script[src]')] as (HTMLScriptElement | null)[]
  const own = scripts.find(script => script?.src && new URL(script.src).pathname.endsWith('/view.js'))
  return folderOf(own?.src ?? document.baseURI)
}

/** `src` as an attribute gives it: camgate's address, with or without its last slash. */
export const baseOf = (src: string): string => new URL(src.replace(/([^/])$/, '$1/'), document.baseURI).href

/** Where the socket is. A signed link to `/wall` is the address itself; undefined if the link is to something else. */
export function wallAddress (base: string, link: string | undefined): string | undefined {
  const url = new URL(link ?? 'wall', base)
  if (link !== undefined && !url.pathname.endsWith('/wall')) return undefined
  url.protocol = url.protocol.replace('http', 'ws')
  return url.href
}

/** Where the camera's MJPEG stream and its snapshots are. A signed link is good for one of them only, and an `<img>` sends no token. */
export function pictureAddresses (base: string, camera: string, { token, link }: Proof): { readonly stream: string | undefined, readonly snapshot: string | undefined } {
  const url = new URL(link ?? `camera/${encodeURIComponent(camera)}`, base)
  if (link === undefined) return { stream: token === undefined ? `${url.href}?rendition=auto` : undefined, snapshot: `${url.href}/snapshot` }
  const isSnapshot = url.pathname.endsWith('/snapshot')
  return { stream: isSnapshot || url.pathname.endsWith('/wall') ? undefined : url.href, snapshot: isSnapshot ? url.href : undefined }
}
