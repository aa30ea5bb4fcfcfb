import { writeSdp, type VideoTrack } from '../rtsp/sdp-writer.js'
import type { HeaderList } from '../rtsp/serialize.js'
import type { Quirk, Quirks } from '../faults/quirk.js'

/** `base` is the camera's URL with a slash at the end. */
export interface Place { base: string; host: string; title: string }

const TRACK = 'track1'
/** The first track with the quirk `two-videos`, which never sends anything. */
const OTHER_TRACK = 'track0'
/** The authority in the URLs of a camera that is wrong about its own address. */
const WRONG_AUTHORITY = '127.0.0.2:9'

/** Headers and body of the answer to DESCRIBE, with the camera's quirks. */
export function describe (track: VideoTrack, { base, host, title }: Place, quirks: Quirks): { headers: HeaderList, body: string } {
  const path = base.replace(/^\w+:\/\/[^/]*/, '')
  const contentBase = quirks.has('wrong-content-base') ? `rtsp://${WRONG_AUTHORITY}${path}` : base
  const control = quirks.has('absolute-control') ? `${base}${TRACK}` : hasTrackUrl(quirks) ? TRACK : '*'
  const correct = writeSdp(track, { host, title, control })
  return {
    headers: { ...(!quirks.has('no-content-base') && { 'Content-Base': contentBase }), 'Content-Type': 'application/sdp' },
    body: edits(quirks).reduce((sdp, [pattern, replacement]) => sdp.replace(pattern, replacement), correct)
  }
}

/** Whether the camera answers requests for this URL. */
export function hasUrl (url: string, id: string, quirks: Quirks): boolean {
  if (quirks.has('wrong-content-base') && url.startsWith(`rtsp://${WRONG_AUTHORITY}/`)) return false
  const paths = [`/${id}`]
  if (hasTrackUrl(quirks)) paths.push(`/${id}/${TRACK}`)
  if (quirks.has('two-videos')) paths.push(`/${id}/${OTHER_TRACK}`)
  return paths.includes(pathOf(url))
}

/** Where DESCRIBE of this URL is redirected to; undefined if it is not. */
export const redirectOf = (url: string, id: string, quirks: Quirks): string | undefined =>
  quirks.has('redirect') && pathOf(url) === `/${id}/old` ? url.replace(/\/old\/?([?#].*)?$/, '') : undefined

export const isOtherTrack = (url: string): boolean => pathOf(url).endsWith(OTHER_TRACK)

const pathOf = (url: string) => url.replace(/^rtsps?:\/\/[^/]*/i, '').replace(/[?#].*$/, '').replace(/\/$/, '')

/** Whether the track has a URL other than the session's. */
const hasTrackUrl = (quirks: Quirks): boolean => !quirks.has('star-control') && !quirks.has('no-control')

function edits (quirks: Quirks): Array<[pattern: RegExp, replacement: string]> {
  const all: Array<[quirk: Quirk, pattern: RegExp, replacement: string]> = [
    ['empty-sprop', /(sprop-[a-z-]+)=[^;\r]*/g, '$1='],
    ['no-control', /a=control:\*\r\n$/, ''],
    ['two-videos', /(?=m=video)/, otherTrack],
    ['bare-lf', /\r\n/g, '\n']
  ]
  return all.flatMap(([quirk, ...edit]) => quirks.has(quirk) ? [edit] : [])
}

/** MPEG-4 Visual, RFC 6416, simple profile. */
const otherTrack = [
  'm=video 0 RTP/AVP 97',
  'a=rtpmap:97 MP4V-ES/90000',
  'a=fmtp:97 profile-level-id=1',
  `a=control:${OTHER_TRACK}`,
  ''
].join('\r\n')
