import { CamgateError } from '../errors.js'
import { h264NalType, h264NalTypes } from '../codec/h264.js'
import { h265NalType, h265NalTypes } from '../codec/h265.js'
import { videoClockRate } from '../rtp/packet.js'

/** The one video track of a camera, as DESCRIBE announces it. */
export type VideoTrack =
  | { codec: 'h264'; payloadType: number; fps: number; sps: Buffer; pps: Buffer }
  | { codec: 'h265'; payloadType: number; fps: number; vps: Buffer; sps: Buffer; pps: Buffer }
  | { codec: 'mjpeg'; payloadType: 26; fps: number }

/** The parameter sets of an H.264 stream, for its SDP. Throws BAD_H264 if one is missing. */
export function h264ParameterSets (nals: readonly Buffer[]): { sps: Buffer; pps: Buffer } {
  const sps = nals.find(nal => h264NalType(nal) === h264NalTypes.sps)
  const pps = nals.find(nal => h264NalType(nal) === h264NalTypes.pps)
  if (sps === undefined || sps.length < 4 || pps === undefined) {
    throw new CamgateError('BAD_H264', 'The H.264 stream has no SPS or no PPS, so no SDP can announce it.')
  }
  return { sps, pps }
}

/** The parameter sets of an H.265 stream, for its SDP. Throws BAD_H265 if one is missing. */
export function h265ParameterSets (nals: readonly Buffer[]): { vps: Buffer; sps: Buffer; pps: Buffer } {
  const [vps, sps, pps] = [h265NalTypes.vps, h265NalTypes.sps, h265NalTypes.pps].map(type => nals.find(nal => h265NalType(nal) === type))
  if (vps === undefined || sps === undefined || pps === undefined) {
    throw new CamgateError('BAD_H265', 'The H.265 stream has no VPS, no SPS or no PPS, so no SDP can announce it.')
  }
  return { vps, sps, pps }
}

/** A session description (RFC 4566) with one track. */
export function writeSdp (track: VideoTrack, { host, title, control }: { host: string; title: string; control: string }): string {
  return [
    'v=0',
    `o=- 0 0 IN IP4 ${host}`,
    `s=${title.replace(/[\r\n]+/g, ' ')}`,
    `c=IN IP4 ${host}`,
    't=0 0',
    'a=control:*',
    `m=video 0 RTP/AVP ${track.payloadType}`,
    ...formatLines(track),
    `a=framerate:${track.fps}`,
    `a=control:${control}`
  ].join('\r\n') + '\r\n'
}

/** Parameters of H.264: RFC 6184 section 8.1; of H.265: RFC 7798 section 7.1; JPEG: RFC 3551. */
function formatLines (track: VideoTrack): string[] {
  const rtpmap = `a=rtpmap:${track.payloadType}`
  const fmtp = `a=fmtp:${track.payloadType}`
  switch (track.codec) {
    case 'mjpeg': return [`${rtpmap} JPEG/${videoClockRate}`]
    case 'h264': return [
      `${rtpmap} H264/${videoClockRate}`,
      `${fmtp} packetization-mode=1;profile-level-id=${track.sps.toString('hex', 1, 4)};` +
      `sprop-parameter-sets=${track.sps.toString('base64')},${track.pps.toString('base64')}`
    ]
    case 'h265': return [
      `${rtpmap} H265/${videoClockRate}`,
      `${fmtp} sprop-vps=${track.vps.toString('base64')};sprop-sps=${track.sps.toString('base64')};sprop-pps=${track.pps.toString('base64')}`
    ]
  }
}
