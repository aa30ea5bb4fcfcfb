import { writeSdp, type VideoTrack } from '../rtsp/sdp-writer.js'
import type { HeaderList } from '../rtsp/serialize.js'
import type { Quirk, Quirks } from '../faults/quirk.js'

/** Where a camera is: `base` is its URL with a slash at the end. */
export interface Place { base: string; host: string; title: string }

export const trackName = 'track1'
/** Of a camera with two videos: the track in front, which never shows anything. */
export const otherTrackName = 'track0'
/** In whose name a camera describes itself that is wrong about its address. */
export const wrongAuthority = '127.0.0.2:9'

/** What DESCRIBE is answered, right or as the quirks have it. */
export function describe (track: VideoTrack, { base, host, title }: Place, quirks: Quirks): { headers: HeaderList, body: string } {
  const path = base.replace(/^\w+:\/\/[^/]*/, '')
  const contentBase = quirks.has('wrong-content-base') ? `rtsp://${wrongAuthority}${path}` : base
  const control = quirks.has('absolute-control') ? `${base}${trackName}` : hasOwnUrl(quirks) ? trackName : '*'
  const right = writeSdp(track, { host, title, control })
  return {
    headers: { ...(!quirks.has('no-content-base') && { 'Content-Base': contentBase }), 'Content-Type': 'application/sdp' },
    body: edits(quirks).reduce((sdp, [what, by]) => sdp.replace(what, by), right)
  }
}

/** Whether a track's URL is another than the session's. */
export const hasOwnUrl = (quirks: Quirks): boolean => !quirks.has('star-control') && !quirks.has('no-control')

function edits (quirks: Quirks): Array<[what: RegExp, by: string]> {
  const all: Array<[quirk: Quirk, what: RegExp, by: string]> = [
    ['empty-sprop', /(sprop-[a-z-]+)=[^;\r]*/g, '$1='],
    ['no-control', /a=control:\*\r\n$/, ''],
    ['two-videos', /(?=m=video)/, otherTrack],
    ['bare-lf', /\r\n/g, '\n']
  ]
  return all.flatMap(([quirk, what, by]) => quirks.has(quirk) ? [[what, by]] : [])
}

/** MPEG-4 Visual, RFC 6416, simple profile. */
const otherTrack = [
  'm=video 0 RTP/AVP 97',
  'a=rtpmap:97 MP4V-ES/90000',
  'a=fmtp:97 profile-level-id=1',
  `a=control:${otherTrackName}`,
  ''
].join('\r\n')
