import type { Accepted } from '../../wire/messages.js'
import type { PathName } from '../protocol.js'

export interface Choice {
  readonly path: PathName
  readonly accept: readonly Accepted[]
  /** Why it is not a better one, in words; empty for the best. */
  readonly reason: string
}

/** What can fail: a path, or the socket that three of them need. */
export type Failing = PathName | 'socket'

/** What a browser and a proof allow. */
export interface Possibilities {
  /** What VideoDecoder decodes here. */
  readonly decodes: readonly Accepted[]
  /** What a `<video>` plays that is given its film by the page. */
  readonly plays: readonly Accepted[]
  /** Whether the page came by https, or from this machine. */
  readonly isSecure: boolean
  /** Whether the visitor asks for few bytes: then pictures come one a second, as JPEGs. */
  readonly savesData: boolean
  /** What the proof, if there is one, opens: a link is good for one address, and an `<img>` sends no token. */
  readonly opens: { readonly socket: boolean, readonly stream: boolean, readonly snapshot: boolean }
  /** The `path` attribute. */
  readonly forced: PathName | undefined
  /** Why something is not to be tried now. */
  failed (what: Failing): string | undefined
}

export const NO_SOCKET = 'No WebSocket gets through from here to camgate.'
const SOCKET = ['webcodecs', 'mse', 'jpeg'] as const
const PATHS: readonly PathName[] = [...SOCKET, 'img', 'snapshots']

export const needsSocket = (path: PathName): path is typeof SOCKET[number] => (SOCKET as readonly PathName[]).includes(path)

/** The best path that is possible, or the one that is forced; undefined if there is none. */
export function choosePath (possibilities: Possibilities): Choice | undefined {
  const { decodes, plays, forced, failed } = possibilities
  const coded: { readonly [path in PathName]?: readonly Accepted[] } = { webcodecs: decodes, mse: plays }
  const reasons = new Set<string>()
  for (const path of PATHS.filter(path => (forced ?? path) === path)) {
    const why = missing(path, possibilities) ?? (needsSocket(path) ? failed('socket') : undefined) ?? failed(path)
    if (why === undefined) return { path, accept: [...coded[path] ?? [], 'jpeg'], reason: [...reasons].join(' ') }
    reasons.add(why)
  }
  return undefined
}

/** Why a path is impossible here, whatever happens. */
function missing (path: PathName, { decodes, plays, isSecure, savesData, opens, forced }: Possibilities): string | undefined {
  if (savesData && !forced && (path === 'webcodecs' || path === 'mse')) return 'This browser is set to save data.'
  if (needsSocket(path) && !opens.socket) return 'The link is for a picture, and not for /wall.'
  switch (path) {
    case 'webcodecs': return decodes.length > 0 ? undefined : isSecure ? 'This browser has no WebCodecs.' : 'Over plain http, browsers have no WebCodecs: open the page by https.'
    case 'mse': return plays.length > 0 ? undefined : 'This browser has no Media Source Extensions.'
    case 'jpeg': return undefined
    case 'img': return opens.stream ? undefined : 'An <img> sends no token, and the link is not for a stream.'
    case 'snapshots': return opens.snapshot ? undefined : 'The link is not for a snapshot.'
  }
}
