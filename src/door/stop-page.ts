import { createHash } from 'node:crypto'

const STYLE = ':root{color-scheme:light dark;font:1.1rem/1.5 system-ui,sans-serif}body{max-width:32rem;margin:3rem auto;padding:0 1rem}button{font:inherit;padding:.5rem 2rem}'

/** Its form may only be sent to camgate, by a person who sees it: no other page may show it in a frame and hide it. With `no-referrer`, browsers would send the form with `Origin: null`. */
export const STOP_PAGE_HEADERS = {
  'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'same-origin',
  'Cache-Control': 'no-store'
} as const

/** Asks a person whether to stop a camera: the address may have been opened by a page of another site. Without an action, a form is sent to the page's own address. */
export const stopPage = (id: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Stop a camera?</title>
<style>${STYLE}</style>
<h1>Stop camera ${escaped(id)}?</h1>
<p>Your browser does not say that you asked for this yourself, so nothing was stopped. Another page may have sent you here.</p>
<form method="post"><button>Stop the camera</button></form>
</html>
`

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escaped = (text: string) => text.replace(/[&<>"']/g, character => ENTITIES[character]!)
