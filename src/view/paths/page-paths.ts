import type { PathName } from '../protocol.js'
import { imgPath } from './fetched/img.js'
import { snapshotsPath } from './fetched/snapshots.js'
import { msePath } from './mse/mse.js'
import type { PagePathOf } from './path.js'

/** What shows pictures in the page. */
export const pagePaths: { readonly [path in PathName]?: PagePathOf } = { mse: msePath, img: imgPath, snapshots: snapshotsPath }
