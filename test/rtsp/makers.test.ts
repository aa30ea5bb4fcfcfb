import t from 'tap'
import { resolveControl } from '../../src/rtsp/control.js'
import { RtspParser } from '../../src/rtsp/message.js'
import { readSdp } from '../../src/rtsp/sdp-reader.js'

const sps = Buffer.from('674d401f95', 'hex')
const pps = Buffer.from('68ee3c80', 'hex')
const sprop = `${sps.toString('base64')},${pps.toString('base64')}`

interface Case {
  /** The maker and its oddity. */
  name: string
  /** The public report of it. */
  report: string
  /** The URL of DESCRIBE. */
  url: string
  contentBase?: string
  sdp: string[]
  track: { codec: string, payloadType: number, url: string, parameterSets?: Buffer[], size?: { width: number, height: number } }
}

/**
 * Answers to DESCRIBE with the oddities of real makers. They are composed from public reports, not recorded: addresses, ids and parameter
 * sets are invented.
 */
const cases: Case[] = [
  {
    name: 'Hikvision NVR: a track named by a word, bandwidth after attributes, no parameter sets',
    report: 'https://github.com/bluenviron/gortsplib/issues/88',
    url: 'rtsp://192.0.2.1:554/Streaming/tracks/101',
    sdp: [
      'v=0', 'o=- 1 0 IN IP4 0.0.0.0', 's=Server', 'i=standard', 'e=NONE', 'c=IN IP4 0.0.0.0', 't=0 0', 'a=control:*', 'b=AS:2100', 'a=range:npt=now-',
      'm=video 0 RTP/AVP 96', 'i=Video', 'a=rtpmap:96 H264/90000', 'a=fmtp:96 profile-level-id=4D0014;packetization-mode=0', 'a=control:trackID=video', 'b=AS:2000',
      'm=audio 0 RTP/AVP 104', 'a=rtpmap:104 MPEG4-GENERIC/48000', 'a=control:trackID=audio', 'a=Media_header:MEDIAINFO=00;', 'a=appversion:1.0'
    ],
    track: { codec: 'h264', payloadType: 96, url: 'rtsp://192.0.2.1:554/Streaming/tracks/101/trackID=video' }
  },
  {
    name: 'Dahua through ONVIF: a Content-Base with a slash after its query, and a track for two-way audio',
    report: 'https://github.com/bluenviron/gortsplib/issues/479',
    url: 'rtsp://192.0.2.2:554/cam/realmonitor?channel=1&subtype=0&unicast=true&proto=Onvif',
    contentBase: 'rtsp://192.0.2.2:554/cam/realmonitor?channel=1&subtype=0&unicast=true&proto=Onvif/',
    sdp: [
      'v=0', 'o=- 2 2 IN IP4 0.0.0.0', 's=Server', 'c=IN IP4 0.0.0.0', 't=0 0', 'a=control:*', 'a=packetization-supported:DH', 'a=rtppayload-supported:DH',
      'm=video 0 RTP/AVP 96', 'a=control:trackID=0', 'a=framerate:15.000000', 'a=rtpmap:96 H264/90000', `a=fmtp:96 packetization-mode=1;sprop-parameter-sets=${sprop}`, 'a=recvonly',
      'm=application 0 RTP/AVP 107', 'a=control:trackID=4', 'a=rtpmap:107 vnd.onvif.metadata/90000',
      'm=audio 0 RTP/AVP 97 8', 'a=control:trackID=5', 'a=rtpmap:97 MPEG4-GENERIC/16000', 'a=rtpmap:8 PCMA/8000', 'a=sendonly'
    ],
    track: { codec: 'h264', payloadType: 96, parameterSets: [sps, pps], url: 'rtsp://192.0.2.2:554/cam/realmonitor?channel=1&subtype=0&unicast=true&proto=Onvif/trackID=0' }
  },
  {
    name: 'Axis: control before rtpmap, spaces in fmtp',
    report: 'https://github.com/meetecho/janus-gateway/issues/849',
    url: 'rtsp://192.0.2.3/axis-media/media.amp',
    contentBase: 'rtsp://192.0.2.3/axis-media/media.amp/',
    sdp: [
      'v=0', 'o=- 3 3 IN IP4 192.0.2.3', 's=Media', 'e=NONE', 'b=AS:50000', 't=0 0', 'a=control:*', 'a=range:npt=0.000000-',
      'm=video 0 RTP/AVP 96', 'c=IN IP4 0.0.0.0', 'b=AS:50000', 'a=framerate:30.0', 'a=transform:-1,0,0;0,-1,0;0,0,1', 'a=control:trackID=1', 'a=rtpmap:96 H264/90000',
      `a=fmtp:96 packetization-mode=1; profile-level-id=420029; sprop-parameter-sets=${sprop}`
    ],
    track: { codec: 'h264', payloadType: 96, parameterSets: [sps, pps], url: 'rtsp://192.0.2.3/axis-media/media.amp/trackID=1' }
  },
  {
    name: 'Reolink with an old live555: a Content-Base without the port',
    report: 'https://github.com/scottlamb/retina/issues/17',
    url: 'rtsp://192.0.2.4:554/h264Preview_01_main',
    contentBase: 'rtsp://192.0.2.4/h264Preview_01_main/',
    sdp: [
      'v=0', 'o=- 4 1 IN IP4 192.0.2.4', 's=Session', 'i=h264Preview_01_main', 't=0 0', 'a=type:broadcast', 'a=control:*', 'a=range:npt=0-', 'a=x-qt-text-nam:Session "x"',
      'm=video 0 RTP/AVP 96', 'c=IN IP4 0.0.0.0', 'b=AS:500', 'a=rtpmap:96 H264/90000', `a=fmtp:96 packetization-mode=1;profile-level-id=640033;sprop-parameter-sets=${sprop}`, 'a=control:trackID=1',
      'm=audio 0 RTP/AVP 97', 'a=rtpmap:97 MPEG4-GENERIC/16000', 'a=control:trackID=2'
    ],
    track: { codec: 'h264', payloadType: 96, parameterSets: [sps, pps], url: 'rtsp://192.0.2.4/h264Preview_01_main/trackID=1' }
  },
  {
    name: 'H3C, Uniview: origin and connection without addresses, absolute controls, payload type 105',
    report: 'https://github.com/AlexxIT/go2rtc/issues/1663',
    url: 'rtsp://192.0.2.5/media/video1',
    sdp: [
      'v=0', 'o=- 5 1 IN', 's=Stream', 'm=video 0 RTP/AVP 105', 'c=IN', 'a=control:rtsp://192.0.2.5/media/video1/video', 'a=rtpmap:105 H264/90000',
      `a=fmtp:105 profile-level-id=640032; packetization-mode=1; sprop-parameter-sets=${sprop}`, 'a=recvonly',
      'm=application 0 RTP/AVP 107', 'c=IN', 'a=control:rtsp://192.0.2.5/media/video1/metadata', 'a=rtpmap:107 vnd.onvif.metadata/90000'
    ],
    track: { codec: 'h264', payloadType: 105, parameterSets: [sps, pps], url: 'rtsp://192.0.2.5/media/video1/video' }
  },
  {
    name: 'VStarcam: no control attribute of the session',
    report: 'https://github.com/scottlamb/retina/issues/9',
    url: 'rtsp://192.0.2.6:10554/udp/av0_0',
    sdp: ['v=0', 'o=X 6 6 IN IP4 192.0.2.6', 's=Stream', 'e=NONE', 'c=IN IP4 0.0.0.0', 't=0 0', 'm=video 0 RTP/AVP 96', 'b=AS:1536', 'a=control:track0', 'a=rtpmap:96 H264/90000', 'a=fmtp:96 packetization-mode=1'],
    track: { codec: 'h264', payloadType: 96, url: 'rtsp://192.0.2.6:10554/udp/av0_0/track0' }
  },
  {
    name: 'v4l2rtspserver on a Raspberry Pi: JPEG without rtpmap, and an empty fmtp',
    report: 'https://github.com/mpromonet/v4l2rtspserver/issues/285',
    url: 'rtsp://192.0.2.7:8554/unicast',
    contentBase: 'rtsp://192.0.2.7:8554/unicast/',
    sdp: ['v=0', 'o=- 7 1 IN IP4 192.0.2.7', 's=Stream', 't=0 0', 'a=control:*', 'a=range:npt=now-', 'm=video 0 RTP/AVP 26', 'c=IN IP4 0.0.0.0', 'b=AS:500', 'a=fmtp:26 ', 'a=x-dimensions:1280,960', 'a=control:track1'],
    track: { codec: 'mjpeg', payloadType: 26, url: 'rtsp://192.0.2.7:8554/unicast/track1', size: { width: 1280, height: 960 } }
  },
  {
    name: 'VLC: absolute controls, and a semicolon after the parameter sets',
    report: 'https://github.com/mpromonet/v4l2rtspserver/issues/285',
    url: 'rtsp://192.0.2.8:8554/stream1',
    sdp: [
      'v=0', 'o=- 8 8 IN IP4 host', 's=Unnamed', 'i=N/A', 'c=IN IP4 0.0.0.0', 't=0 0', 'a=recvonly', 'a=charset:UTF-8', 'a=control:rtsp://192.0.2.8:8554/stream1',
      'm=video 0 RTP/AVP 96', 'b=RR:0', 'a=rtpmap:96 H264/90000', `a=fmtp:96 packetization-mode=1;profile-level-id=640028;sprop-parameter-sets=${sprop};`, 'a=control:rtsp://192.0.2.8:8554/stream1/trackID=0'
    ],
    track: { codec: 'h264', payloadType: 96, parameterSets: [sps, pps], url: 'rtsp://192.0.2.8:8554/stream1/trackID=0' }
  },
  {
    name: 'a cheap camera: only the media',
    report: 'https://github.com/AlexxIT/go2rtc/issues/679',
    url: 'rtsp://192.0.2.9:554/',
    sdp: ['m=video 0 RTP/AVP 96', 'a=rtpmap:96 H264/90000', 'a=control:trackID=0'],
    track: { codec: 'h264', payloadType: 96, url: 'rtsp://192.0.2.9:554/trackID=0' }
  },
  {
    name: 'a video management system: a query in the URL, and an impossible bandwidth',
    report: 'https://github.com/Streamedian/html5_rtsp_player/issues/89',
    url: 'rtsp://192.0.2.10:554/694?device=3&sessionid=26',
    contentBase: 'rtsp://192.0.2.10/694?device=3&sessionid=26/',
    sdp: [
      'v=0', 'o=- 10 1 IN IP4 192.0.2.10', 's=694?device=3', 'i=694?device=3', 't=0 0', 'a=control:*', 'a=range:npt=0-', 'm=video 0 RTP/AVP 96', 'c=IN IP4 0.0.0.0', 'b=AS:4096000', 'a=rtpmap:96 H264/90000',
      `a=fmtp:96 packetization-mode=1;profile-level-id=64002A;sprop-parameter-sets=${sprop}`, 'a=control:track1'
    ],
    track: { codec: 'h264', payloadType: 96, parameterSets: [sps, pps], url: 'rtsp://192.0.2.10/694?device=3&sessionid=26/track1' }
  }
]

t.test('a description composed from a public report is read:', async t => {
  for (const { name, report, url, contentBase, sdp, track } of cases) {
    t.test(`${name} (${report})`, async t => {
      const body = sdp.map(line => `${line}\r\n`).join('')
      const base = contentBase === undefined ? '' : `Content-Base: ${contentBase}\r\n`
      const answer = `RTSP/1.0 200 OK\r\nCSeq: 3\r\nContent-Type: application/sdp\r\n${base}Content-Length: ${body.length}\r\n\r\n${body}`
      const [message, ...rest] = new RtspParser().push(Buffer.from(answer))
      t.same(rest, [])
      if (message?.kind !== 'response') throw new Error('expected a response')
      const { tracks: [read], unsupported } = readSdp(message.body.toString('latin1'))
      t.match(read, { codec: track.codec, payloadType: track.payloadType, clockRate: 90_000 })
      t.same(read?.parameterSets, track.parameterSets ?? [])
      t.same(read?.size, track.size)
      t.same(unsupported, [])
      t.equal(resolveControl(message.headers.get('content-base')?.[0] ?? url, read?.control), track.url)
    })
  }
})
