import { readFile } from 'node:fs/promises'
import { CamgateError } from '../errors.js'
import { accessUnits, splitNalUnits } from '../codec/annex-b.js'
import { h264PictureRules, isH264KeyPicture } from '../codec/h264.js'
import { h265PictureRules, isH265Key } from '../codec/h265.js'
import { packetizeJpeg } from './packetize-jpeg.js'
import { splitJpegs } from '../jpeg/baseline.js'
import { RTP_HEADER_BYTES, rtpPacket, stampRtp, type RtpStamp } from '../rtp/packet.js'
import { FRAME_HEADER_BYTES } from '../rtsp/framing.js'
import { h264ParameterSets, h265ParameterSets, type VideoTrack } from '../rtsp/sdp-writer.js'
import { interleave } from '../rtsp/serialize.js'
import { addOptionalParts, markLast, packetizePicture, MAX_PAYLOAD_BYTES, type Payload } from './packetize.js'
import type { Quirks } from '../faults/quirk.js'
import { shownLater } from './reordering.js'
import { pictureCount, type Scene } from './scene.js'

/** One picture's packets in sequence, each framed for interleaving. It is shown `shownLater` pictures after it is sent. */
export interface ClipPicture { key: boolean; shownLater: number; bytes: Buffer; packets: readonly PacketSpan[] }
/** A framed packet within `bytes`: 4 bytes of framing, the RTP header, the payload. An early packet has the previous picture's timestamp; others may be `late` ticks late. */
export interface PacketSpan { offset: number; size: number; early?: boolean; late?: number }
/** Pictures ready to send; the first is a key picture. */
export interface Clip { track: VideoTrack; pictures: readonly ClipPicture[] }

/** For the quirk `time-per-packet`, in ticks of the 90 kHz clock. */
const TICKS_PER_PACKET = 9

/** Reads and packetizes the scene's clip. Throws BAD_H264, BAD_H265, BAD_JPEG or BAD_CLIP when the file is damaged. */
export async function loadClip (path: string, scene: Scene, quirks: Quirks = new Set()): Promise<Clip> {
  const clip = packetize(await readFile(path), scene, quirks)
  if (clip.pictures.length !== pictureCount(scene) || !clip.pictures[0]?.key) {
    throw new CamgateError('BAD_CLIP', `The clip has ${clip.pictures.length} pictures, not ${pictureCount(scene)} starting with a key picture.`)
  }
  return clip
}

function packetize (stream: Buffer, { codec, fps }: Scene, quirks: Quirks): Clip {
  if (codec === 'mjpeg') {
    const track = { codec, payloadType: 26 as const, fps }
    const pictures = splitJpegs(stream).map(jpeg => ({
      key: true, shownLater: 0, ...framed(markLast(packetizeJpeg(jpeg, MAX_PAYLOAD_BYTES), quirks), track.payloadType, quirks)
    }))
    return { track, pictures }
  }
  const nals = splitNalUnits(stream)
  const payloadType = 96
  const [track, units, isKey] = codec === 'h264'
    ? [{ codec, payloadType, fps, ...h264ParameterSets(nals) }, accessUnits(nals, h264PictureRules), isH264KeyPicture] as const
    : [{ codec, payloadType, fps, ...h265ParameterSets(nals) }, accessUnits(nals, h265PictureRules), (unit: Buffer[]) => unit.some(isH265Key)] as const
  const later = shownLater(units, codec)
  const pictures = units.map((unit, index) => ({
    key: isKey(unit), shownLater: later[index]!, ...framed(packetizePicture(unit, index, codec, quirks), payloadType, quirks)
  }))
  return { track, pictures }
}

function framed (payloads: readonly Payload[], payloadType: number, quirks: Quirks): Pick<ClipPicture, 'bytes' | 'packets'> {
  const unstamped = { sequence: 0, timestamp: 0, ssrc: 0 }
  const packets = payloads.map(({ bytes, marker }) => {
    const packet = rtpPacket({ payloadType, marker }, unstamped, bytes)
    return interleave(0, quirks.has('rtp-extension') ? addOptionalParts(packet) : packet)
  })
  let end = 0
  return {
    bytes: Buffer.concat(packets),
    packets: packets.map(({ length: size }, index) => ({
      offset: (end += size) - size, size, early: payloads[index]!.early, ...quirks.has('time-per-packet') && { late: TICKS_PER_PACKET * index }
    }))
  }
}

/** A copy of the picture for one client: packets count up from `sequence`, all on `channel`. @param before the previous picture's timestamp */
export function stampPicture (picture: ClipPicture, channel: number, { sequence, timestamp, ssrc }: RtpStamp, before = timestamp): Buffer {
  const bytes = Buffer.from(picture.bytes)
  picture.packets.forEach(({ offset, early, late = 0 }, index) => {
    bytes.writeUInt8(channel, offset + 1)
    stampRtp(bytes, offset + FRAME_HEADER_BYTES, { sequence: sequence + index, timestamp: early ? before : timestamp + late, ssrc })
  })
  return bytes
}

/** The payload of a framed packet, to be damaged. */
export const payloadOf = (bytes: Buffer, { offset, size }: PacketSpan): Buffer =>
  bytes.subarray(offset + FRAME_HEADER_BYTES + RTP_HEADER_BYTES, offset + size)
