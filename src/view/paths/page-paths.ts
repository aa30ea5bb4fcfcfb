import type { PathName } from '../protocol.js'
import type { PagePathOf } from './path.js'

/** What shows pictures in the page. */
export const pagePaths: { readonly [path in PathName]?: PagePathOf } = {}
