/** In a worker there are no elements, and view.js runs there too. */
export const ElementBase: typeof HTMLElement = globalThis.HTMLElement ?? class {} as typeof HTMLElement
