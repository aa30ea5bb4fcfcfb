import type { TransportOffer } from '../rtsp/transport.js'

/** Mistakes that real cameras make in their responses, packets and encoding. `camgate simulate --help` prints the descriptions. */
export const quirkDescriptions = {
  // Keep-alives and sessions.
  'keep-alive-refused': 'GET_PARAMETER and SET_PARAMETER are offered, and answered 400, 454 and 501 in turn; OPTIONS works (bluenviron/mediamtx issues 842, 2908; themactep/thingino-firmware issue 490)',
  'keep-alive-wrong-cseq': 'the same are answered 400 with the CSeq of the request before (scottlamb/retina issues 133, 136: C520WS, Tapo C220)',
  'short-session': 'the session ends two seconds after the last request, as its timeout says; nobody is told, the connection stays',
  'session-strict': "a Session header that repeats the camera's own `;timeout=` is unknown to the camera: 454",
  'session-from-play': 'the session is named in answer to PLAY, and not to SETUP (bluenviron/mediamtx issues 822, 840)',
  // Transports.
  'other-channels': 'interleaved channels are 4 and 5, whatever was asked for (bluenviron/gortsplib issue 72)',
  'no-tcp': 'no RTP between the messages: 461',
  'no-udp': 'no RTP over UDP: 461 (behind a VPN or a relay)',
  // The description and its URLs.
  'no-content-base': 'DESCRIBE is answered without Content-Base',
  'wrong-content-base': 'Content-Base names another host, where nothing listens; the camera answers 404 to requests for its URLs',
  'absolute-control': "the track's control is a whole URL (Axis, and Dahua at the address that its ONVIF gives)",
  'star-control': "the track's control is *: its URL is that of the session",
  'no-control': 'the track has no control: its URL is that of the session',
  'two-videos': 'a track of MPEG-4 Visual stands in front of the right one',
  'empty-sprop': 'parameter sets are announced, but empty: they come in band only',
  'sdp-sprop-only': 'parameter sets are in the description, and never in band (Axis, GStreamer without config-interval)',
  redirect: 'its URL ends in /old, and DESCRIBE of that is answered 302 with the right one (NVRs, relays)',
  // How messages are written.
  'bare-lf': 'lines of its messages end with LF alone',
  'header-case': 'header names are spelled cseq, SESSION, content-BASE',
  'no-cseq': 'answers do not say which request they answer',
  // Packets.
  'no-marker': 'no packet has the marker: a picture ends where the next one begins',
  'marker-on-every-packet': 'every packet has the marker',
  'parameter-sets-apart': 'parameter sets are packets with the time of the picture before (Reolink RLC-822A: scottlamb/retina issue 13); the first one of a loop has a marker, too',
  aggregated: 'neighbours that fit one packet travel together: STAP-A, or AP with H.265 (Axis, GStreamer)',
  'rtp-extension': 'every packet has a contributing source, a header extension and padding (ONVIF replay)',
  'maker-units': "a NAL unit of a maker's own type stands after each slice, and has the marker after the last one",
  'annex-b': 'the NAL units of a picture are sent as one, with Annex B start codes between them',
  'time-per-packet': 'each packet of a picture has a later timestamp than the one before it',
  lossy: 'every 97th packet gets lost',
  'cut-packets': 'over TCP every 97th packet ends halfway, and the next one begins there (scottlamb/moonfire-nvr issue 302)',
  reordered: 'over UDP every tenth packet or so is overtaken by the next one',
  'no-key': 'no key picture is ever sent (some with "smart" codecs, for minutes)',
  'no-key-first': 'pictures begin between two key pictures',
  'rtp-before-play-reply': 'the first pictures are out before PLAY is answered (live555 before 2017: scottlamb/retina issue 17)',
  // Coding; not with MJPEG.
  slices: 'each picture is four slices',
  'b-frames': 'two B-frames between others: pictures are not sent in the order in which they are shown',
  interlaced: 'pictures of two fields each; H.264 alone',
  'long-gop': 'a key picture every five seconds only',
  // Passwords; only with Digest.
  'sha-256': 'Digest with SHA-256, and nothing else (cameras in FIPS mode)',
  'no-qop': 'Digest of RFC 2069, without qop (Hikvision, older Dahua)',
  'stale-nonce': 'a nonce is good for a second: later it is answered 401 with stale=true, while pictures play, too'
} as const

export type Quirk = keyof typeof quirkDescriptions
export type Quirks = ReadonlySet<Quirk>

/** Returns the offer that the camera accepts; undefined if it accepts none. */
export function acceptOffer (offers: readonly TransportOffer[], quirks: Quirks): TransportOffer | undefined {
  const [offer] = offers.filter(({ kind }) => !quirks.has(`no-${kind}`))
  return offer?.kind === 'tcp' && quirks.has('other-channels') ? { kind: 'tcp', channels: [4, 5] } : offer
}

/** The error status of the `index`th GET_PARAMETER or SET_PARAMETER; null if the camera accepts it. */
export function keepAliveRefusal (quirks: Quirks, index: number): number | null {
  if (quirks.has('keep-alive-wrong-cseq')) return 400
  return quirks.has('keep-alive-refused') ? [400, 454, 501][index % 3]! : null
}
