import { readFile } from 'node:fs/promises'
import { CamgateError } from '../errors.js'
import { accessUnits, isKeyPicture, packetizeNal, splitNalUnits } from '../rtsp/h264.js'
import { beginsH265Picture, isH265Key, isH265Slice, packetizeH265Nal } from '../rtsp/h265.js'
import { packetizeJpeg } from '../rtsp/jpeg-payload.js'
import { splitJpegs } from '../rtsp/jpeg.js'
import { rtpHeaderBytes, rtpPacket, stampRtp, type RtpStamp } from '../rtsp/rtp.js'
import { h265ParameterSets, parameterSets, type VideoTrack } from '../rtsp/sdp.js'
import { interleave } from '../rtsp/serialize.js'
import { pictureCount, type Scene } from './scene.js'

/** One picture's packets, each framed for interleaving, one behind the other. */
export interface ClipPicture { key: boolean; bytes: Buffer; packets: readonly PacketSpan[] }
/** A framed packet within `bytes`: 4 bytes of frame, the RTP header, the payload. */
export interface PacketSpan { offset: number; size: number }
/** Pictures ready to send; the first is a key picture. */
export interface Clip { track: VideoTrack; pictures: readonly ClipPicture[] }

export const frameBytes = 4
const payloadBytes = 1_400 // with its headers a packet fits an Ethernet frame

/** Reads and packetizes the scene's clip once. Throws BAD_H264, BAD_H265, BAD_JPEG or BAD_CLIP when the file is damaged. */
export async function loadClip (path: string, scene: Scene): Promise<Clip> {
  const clip = packetize(await readFile(path), scene)
  if (clip.pictures.length !== pictureCount(scene) || !clip.pictures[0]?.key) {
    throw new CamgateError('BAD_CLIP', `The clip has ${clip.pictures.length} pictures, not ${pictureCount(scene)} from a key picture on.`)
  }
  return clip
}

function packetize (stream: Buffer, { codec, fps }: Scene): Clip {
  if (codec === 'mjpeg') {
    const track = { codec, payloadType: 26 as const, fps }
    return { track, pictures: splitJpegs(stream).map(jpeg => pictureOf(true, 26, packetizeJpeg(jpeg, payloadBytes))) }
  }
  const nals = splitNalUnits(stream)
  const payloadType = 96
  if (codec === 'h264') {
    const pictures = accessUnits(nals).map(unit =>
      pictureOf(isKeyPicture(unit), payloadType, unit.flatMap(nal => packetizeNal(nal, payloadBytes))))
    return { track: { codec, payloadType, fps, ...parameterSets(nals) }, pictures }
  }
  const pictures = accessUnits(nals, { isSlice: isH265Slice, beginsPicture: beginsH265Picture }).map(unit =>
    pictureOf(unit.some(isH265Key), payloadType, unit.flatMap(nal => packetizeH265Nal(nal, payloadBytes))))
  return { track: { codec, payloadType, fps, ...h265ParameterSets(nals) }, pictures }
}

function pictureOf (key: boolean, payloadType: number, payloads: Buffer[]): ClipPicture {
  const unstamped = { sequence: 0, timestamp: 0, ssrc: 0 }
  const framed = payloads.map((payload, index) =>
    interleave(0, rtpPacket({ payloadType, marker: index === payloads.length - 1 }, unstamped, payload)))
  let offset = 0
  const packets = framed.map(({ length: size }) => ({ offset: (offset += size) - size, size }))
  return { key, bytes: Buffer.concat(framed), packets }
}

/** A copy of the picture for one client: the packets count up from `sequence`, all on `channel`. */
export function stampPicture (picture: ClipPicture, channel: number, { sequence, timestamp, ssrc }: RtpStamp): Buffer {
  const bytes = Buffer.from(picture.bytes)
  picture.packets.forEach(({ offset }, index) => {
    bytes.writeUInt8(channel, offset + 1)
    stampRtp(bytes, offset + frameBytes, { sequence: sequence + index, timestamp, ssrc })
  })
  return bytes
}

/** The payload of a framed packet, to spoil it. */
export const payloadOf = (bytes: Buffer, { offset, size }: PacketSpan): Buffer =>
  bytes.subarray(offset + frameBytes + rtpHeaderBytes, offset + size)
