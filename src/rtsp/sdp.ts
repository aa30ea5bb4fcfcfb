import { CamgateError } from '../errors.js'
import { nalType, nalTypes } from './h264.js'
import { videoClockRate } from './rtp.js'

/** What a DESCRIBE tells about the one video track of a camera. */
export type VideoTrack =
  | { codec: 'h264'; payloadType: number; fps: number; sps: Buffer; pps: Buffer }
  | { codec: 'mjpeg'; payloadType: 26; fps: number }

/** The parameter sets of a stream, which its SDP announces. Throws BAD_H264 when one is missing. */
export function parameterSets (nals: readonly Buffer[]): { sps: Buffer; pps: Buffer } {
  const sps = nals.find(nal => nalType(nal) === nalTypes.sps)
  const pps = nals.find(nal => nalType(nal) === nalTypes.pps)
  if (sps === undefined || sps.length < 4 || pps === undefined) {
    throw new CamgateError('BAD_H264', 'The H.264 stream has no SPS or no PPS, so no SDP can announce it.')
  }
  return { sps, pps }
}

/** A session description (RFC 4566; H.264 parameters RFC 6184 section 8.1, JPEG RFC 3551) whose track is `control`. */
export function writeSdp (track: VideoTrack, { host, title, control }: { host: string; title: string; control: string }): string {
  const format = track.codec === 'mjpeg'
    ? [`a=rtpmap:${track.payloadType} JPEG/${videoClockRate}`]
    : [
        `a=rtpmap:${track.payloadType} H264/${videoClockRate}`,
        `a=fmtp:${track.payloadType} packetization-mode=1;profile-level-id=${track.sps.toString('hex', 1, 4)};` +
        `sprop-parameter-sets=${track.sps.toString('base64')},${track.pps.toString('base64')}`
      ]
  return [
    'v=0',
    `o=- 0 0 IN IP4 ${host}`,
    `s=${title.replace(/[\r\n]+/g, ' ')}`,
    `c=IN IP4 ${host}`,
    't=0 0',
    'a=control:*',
    `m=video 0 RTP/AVP ${track.payloadType}`,
    ...format,
    `a=framerate:${track.fps}`,
    `a=control:${control}`
  ].join('\r\n') + '\r\n'
}
