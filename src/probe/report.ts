import { Type, type Static } from 'typebox'
import type { FailureCode } from '../failure/failure.js'
import { nullable } from '../json-schema.js'

const PortReportSchema = Type.Object({
  port: Type.Integer(),
  answers: Type.Enum(['rtsp', 'rtsps', 'http', 'https', 'tls', 'unknown', 'closed', 'silent'], {
    description: 'What speaks there · tls: something within TLS · unknown: it takes connections, but says nothing that camgate knows · closed: nothing listens · silent: no answer at all'
  })
})
export type PortReport = Static<typeof PortReportSchema>

const Pixels = nullable(Type.Integer(), 'Pixels; null while unknown')

const StreamReportSchema = Type.Object({
  address: Type.String({ description: 'Without credentials' }),
  maker: Type.String({ description: 'Whose cameras have such an address' }),
  stream: Type.Enum(['main', 'sub']),
  codec: nullable(Type.String(), 'null if camgate cannot read it'),
  width: Pixels,
  height: Pixels
})
export type StreamReport = Static<typeof StreamReportSchema>

const VideoReportSchema = Type.Object({
  codec: Type.String({ description: 'h264, h265 or mjpeg' }),
  profile: nullable(Type.String(), "The codec's profile, in words"),
  width: Pixels,
  height: Pixels,
  fps: nullable(Type.Number(), 'Pictures per second'),
  keyIntervalMs: nullable(Type.Integer(), 'Milliseconds between two key pictures; null if there was only one in the time'),
  bitsPerSecond: nullable(Type.Integer(), 'Received, over about a second')
})
export type VideoReport = Static<typeof VideoReportSchema>

/** What one look at a camera has shown. Contains no credentials. */
export const ProbeReportSchema = Type.Object({
  address: Type.String({ description: 'What was asked, without credentials' }),
  failure: nullable(Type.Object({ code: Type.Unsafe<FailureCode>(Type.String()), message: Type.String() }), 'Why there is no picture; null if there is one'),
  protocol: nullable(Type.Enum(['rtsp', 'rtsps', 'http', 'https']), 'What the camera speaks'),
  login: Type.Enum(['none', 'basic', 'digest', 'refused', 'missing', 'unknown'], {
    description: 'none: the camera asks for no password · basic, digest: how it took the password · refused · missing: it asks for one, and none was given · unknown: it did not come to that'
  }),
  firstPictureMs: nullable(Type.Integer(), 'From the beginning of the connection to the first picture, in milliseconds'),
  video: nullable(VideoReportSchema, 'null if there was no picture'),
  sound: nullable(Type.Array(Type.String()), 'The codecs of its sound; null if the camera did not say'),
  tcp: nullable(Type.Boolean(), 'Whether pictures came by TCP; null if that was not tried'),
  udp: nullable(Type.Boolean(), 'Whether pictures came by UDP; null if that was not tried'),
  streams: Type.Array(StreamReportSchema, { description: 'Further streams at the addresses that makers use' }),
  ports: Type.Array(PortReportSchema, { description: 'Empty if no other ports were asked' }),
  clockOffMs: nullable(Type.Integer(), "How far the camera's clock is ahead of this machine's, in milliseconds; null if it does not tell the time"),
  cost: nullable(Type.String(), 'What the camera would cost here, in words'),
  todo: Type.Array(Type.String(), { description: 'What to do, in sentences' })
})
export type ProbeReport = Static<typeof ProbeReportSchema>
