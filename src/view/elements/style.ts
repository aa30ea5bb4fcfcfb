/** Constructed in JavaScript, because a page's Content-Security-Policy may forbid `<style>` and `style=`. */
export function sheet (css: string): CSSStyleSheet {
  const made = new CSSStyleSheet()
  made.replaceSync(css)
  return made
}

export const VIEW_CSS = `
:host { display: block; position: relative; overflow: hidden; background: #000; color: #fff; font: 14px/1.4 system-ui, sans-serif; container-type: inline-size }
:host([hidden]) { display: none }
.frame { position: relative; width: 100%; height: 100%; aspect-ratio: var(--camgate-aspect, 16 / 9) }
.frame > * { position: absolute; inset: 0 }
.picture { width: 100%; height: 100%; object-fit: contain; visibility: hidden }
:host([fit="cover"]) .picture { object-fit: cover }
:host([fit="fill"]) .picture { object-fit: fill }
.picture.front { visibility: visible }
.frame[data-picture="none"] .picture { visibility: hidden }
.frame[data-picture="old"] .picture { filter: grayscale(1) brightness(.6) }
.status { display: grid; place-content: center; padding: 8px; text-align: center; text-wrap: balance; overflow-wrap: anywhere; text-shadow: 0 0 4px #000 }
.badge { inset: 6px 6px auto auto; padding: 0 6px; border-radius: 4px; background: #000b }
.status:empty, .badge:empty { display: none }
@container (max-width: 220px) { .status { font-size: 12px } }
`

export const WALL_CSS = `
:host { display: block; height: 100%; max-height: 100vh; background: #000 }
:host([hidden]) { display: none }
.grid { display: grid; gap: 2px; width: 100%; height: 100% }
camgate-view { min-width: 0; min-height: 0 }
`
