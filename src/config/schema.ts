/* eslint-disable no-template-curly-in-string -- the file itself contains ${…} */
import { Type, type Static } from 'typebox'
import { SourceSchema, SubstreamSchema } from '../sources/kinds.js'
import { TransportSchema } from '../sources/source.js'
import { unprintable } from '../text/printable.js'
import { notifyKeys, NotifySchema } from './notify/schema.js'
import { authKeys, ServerSchema, tlsKeys, viewers } from './server-schema.js'

const side = (description: string) => Type.Optional(Type.Integer({ minimum: 16, maximum: 7680, description }))

const closed = { additionalProperties: false }

/** The values of keys that neither the camera nor `defaults` sets. */
export const cameraPresets = { transport: 'auto', ingest: 'auto', onLoss: 'show', fps: 20, onDemand: false, decode: 'watched', rewriteSps: true, enabled: true } as const

const quality = (description: string, preset?: number) => Type.Optional(Type.Union([
  Type.Integer({ minimum: 2, maximum: 31 }),
  Type.String({ pattern: '^(?:100|[1-9]\\d?) ?%$', examples: ['85%'] })
], {
  title: 'a whole number from 2 (best) to 31 (smallest), or a percentage such as 85%', ...preset !== undefined && { default: preset }, description
}))

/** For each camera. */
export const MAX_RENDITIONS = 8

const RenditionSchema = Type.Object({
  width: side("Pixels. The shape of the picture is kept, so one of width and height is enough. It is never larger than the camera's."),
  height: side("Pixels. The shape of the picture is kept, so one of width and height is enough. It is never larger than the camera's."),
  fps: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 60, description: "Pictures per second, at most; by default all of the camera's." })),
  quality: quality("ffmpeg's -q:v: 2 looks best, 31 is smallest; or a percentage as OpenCV and Pillow have it, such as 85%.", 5)
}, { ...closed, minProperties: 1, title: 'a map such as { width: 320, fps: 5 }' })

const RenditionsSchema = Type.Record(Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' }), RenditionSchema, {
  ...closed,
  minProperties: 1,
  maxProperties: MAX_RENDITIONS,
  propertyNames: { not: { enum: ['full', 'auto'] }, description: "full is the camera's own picture, and auto the one that suits the viewer's link; choose another" },
  title: 'a map from name to rendition, such as { thumb: { width: 320, fps: 5 } }',
  description: 'Other sizes, rates and qualities of the picture, made while somebody watches. The key is the name in ?rendition=<name>.'
})

const origin = (description: string) => Type.Integer({ minimum: 0, maximum: 7680 - 16, description })
const extent = (description: string) => Type.Integer({ minimum: 16, maximum: 7680, description })

const CropSchema = Type.Object({
  x: origin("Pixels from the left edge of the camera's picture; even numbers are exact."),
  y: origin("Pixels from the top edge of the camera's picture; even numbers are exact."),
  width: extent('Pixels; even numbers are exact.'),
  height: extent('Pixels; even numbers are exact.')
}, {
  ...closed, title: 'a map like { x: 0, y: 0, width: 640, height: 360 }', description: "The part of the camera's own picture that is shown, before rotation and scaling."
})

const OverlaySchema = Type.Object({
  name: Type.Optional(Type.Boolean({ default: false, description: 'The name of the camera, at the bottom left.' })),
  clock: Type.Optional(Type.Boolean({ default: false, description: 'When the picture passed through camgate, in the service\'s time zone (TZ), at the top right.' }))
}, { ...closed, minProperties: 1, title: 'a map like { name: true, clock: true }', description: 'What is written into the picture.' })

/** The keys of both cameras and `defaults`. */
const shared = {
  username: Type.Optional(Type.String({ description: 'The camera\'s user.' })),
  password: Type.Optional(Type.String({
    description: 'Any characters. ${CAM1_PASSWORD} (environment) or ${file:/run/secrets/cam1} is better than plain text.'
  })),
  transport: Type.Optional(TransportSchema),
  ingest: Type.Optional(Type.Union([Type.Literal('auto'), Type.Literal('direct'), Type.Literal('ffmpeg')], {
    default: cameraPresets.ingest, description: 'What reads the camera: camgate itself (direct), whose pictures are fresher, or ffmpeg. auto is direct, or ffmpeg if camgate does not understand the camera.'
  })),
  onLoss: Type.Optional(Type.Union([Type.Literal('show'), Type.Literal('hold')], {
    default: cameraPresets.onLoss, description: 'What viewers get after a packet was lost, until the next clean picture: the damaged pictures, marked (show), or no new pictures (hold). Choose hold if something acts on what is in the picture.'
  })),
  hwaccel: Type.Optional(Type.Union([
    Type.Literal('auto'), Type.Literal('none'), Type.Literal('vaapi'), Type.Literal('cuda'), Type.Literal('qsv'), Type.Literal('v4l2m2m'), Type.Literal('rkmpp')
  ], {
    default: 'none', description: 'Hardware to decode H.264 and H.265 with; auto is the first that works in a trial. If none works, the processor decodes, and /status and the log say why.'
  })),
  fps: Type.Optional(Type.Number({
    exclusiveMinimum: 0, maximum: 60, default: cameraPresets.fps, description: 'Pictures per second, at most; 0.2 is one every five seconds.'
  })),
  quality: quality("ffmpeg's -q:v: 2 looks best, 31 is smallest; or a percentage such as 85%, as in OpenCV and Pillow. Without it, a camera's own JPEGs are passed on unchanged, and other pictures are encoded with 5."),
  width: side('Pixels of the picture as shown. The aspect ratio is kept, so one of width and height is enough; with both, the picture fits inside.'),
  height: side('Pixels of the picture as shown. The aspect ratio is kept, so one of width and height is enough; with both, the picture fits inside.'),
  crop: Type.Optional(CropSchema),
  rotate: Type.Optional(Type.Integer({ minimum: 0, maximum: 270, multipleOf: 90, default: 0, title: '0, 90, 180 or 270', description: 'Degrees clockwise.' })),
  flip: Type.Optional(Type.Union([Type.Literal('none'), Type.Literal('horizontal'), Type.Literal('vertical'), Type.Literal('both')], {
    default: 'none', description: 'Mirrors the picture: horizontal swaps left and right, vertical swaps top and bottom; both is rotate: 180.'
  })),
  overlay: Type.Optional(OverlaySchema),
  onDemand: Type.Optional(Type.Boolean({
    default: cameraPresets.onDemand, description: 'Connect to the camera only while somebody watches.'
  })),
  decode: Type.Optional(Type.Union([Type.Literal('watched'), Type.Literal('always')], {
    default: cameraPresets.decode, description: "When to make JPEGs of the H.264 or H.265 that a camera sends: while somebody watches, or always, which takes processor time and brings a viewer's first picture a little sooner."
  })),
  rewriteSps: Type.Optional(Type.Boolean({
    default: cameraPresets.rewriteSps, description: "Whether browsers that decode this camera's H.264 are told that it sends pictures in the order in which they are shown, once camgate has seen that it does. Without it, hardware decoders may show them up to 16 pictures late. Turn it off if a browser shows this camera's pictures wrong."
  })),
  enabled: Type.Optional(Type.Boolean({ default: cameraPresets.enabled, description: 'Whether the camera starts when camgate does.' })),
  maxViewers: viewers('How many viewers may watch the camera at one time; no limit by default.'),
  renditions: Type.Optional(RenditionsSchema)
}

/** The example in messages about a file without cameras. */
export const smallestFile = '    cameras:\n      1:\n        source: rtsp://192.168.1.20:554/stream1'

export const CameraSchema = Type.Object({
  source: Type.Union([
    Type.String({ description: "The camera's address.", examples: ['rtsp://192.168.1.20:554/stream1'] }),
    ...SourceSchema.anyOf
  ], { description: 'Where the pictures come from: an RTSP or HTTP URL, or a map with a type.' }),
  substream: Type.Optional(Type.Union([
    Type.String({ description: "The address of the camera's smaller stream.", examples: ['rtsp://192.168.1.20:554/stream2'] }),
    ...SubstreamSchema.anyOf
  ], { description: 'A second, smaller stream of the same camera, with the same username and password: an RTSP URL, or a map with a type. It is read only while a page shows the camera so small that this stream is enough.' })),
  onvif: Type.Optional(Type.String({
    minLength: 1,
    description: "The camera's ONVIF address, if it can pan, tilt or zoom: camgate moves it there, with the same username and password. /onvif/device_service is added unless a path is given.",
    examples: ['http://192.168.1.20']
  })),
  name: Type.Optional(Type.String({
    minLength: 1,
    maxLength: 100,
    pattern: `^[^${unprintable}\\ud800-\\udfff]*$`, // half a character would be an error in programs that write UTF-8
    title: 'text of 1 to 100 characters in one line',
    description: 'What people call it. The id, if left out. Everybody sees it, so ${…} is a fault here.'
  })),
  auth: Type.Optional(Type.Union([Type.Literal('auto'), Type.Literal('basic')], {
    default: 'auto', description: 'How camgate proves that it has the password: as the camera asks, but never by Basic once it has asked for Digest. basic allows Basic: anybody who listens in can then read the password.'
  })),
  ...shared
}, { ...closed, title: 'a camera, for example { source: rtsp://192.168.1.20:554/stream1 }' })

const DefaultsSchema = Type.Object(shared, { ...closed, description: 'Values for every camera that does not set its own.' })

export const FileSchema = Type.Object({
  server: Type.Optional(ServerSchema),
  defaults: Type.Optional(DefaultsSchema),
  cameras: Type.Record(Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' }), CameraSchema, {
    ...closed,
    minProperties: 1,
    title: 'a map from id to camera',
    description: 'The cameras. The key is the id in /camera/<id>: up to 64 letters, digits, - and _.'
  }),
  notify: Type.Optional(NotifySchema)
}, { ...closed, patternProperties: { '^x-': { description: 'For anchors (&name): camgate ignores it.' } } })

const keysOf = (schema: { properties: object }) => new Set(Object.keys(schema.properties))

/** The keys of each part of the file. `ownKeys` are those that only cameras have. */
export const serverKeys = keysOf(ServerSchema)
export const defaultKeys = keysOf(DefaultsSchema)
export const ownKeys = new Set([...keysOf(CameraSchema)].filter(key => !defaultKeys.has(key)))
export const sourceKeys = new Set(SourceSchema.anyOf.flatMap(option => Object.keys(option.properties)))
export const allKeys = new Set([...keysOf(FileSchema), ...serverKeys, ...authKeys, ...tlsKeys, ...notifyKeys, ...defaultKeys, ...ownKeys, ...sourceKeys])

export type RenditionKeys = Static<typeof RenditionSchema>
/** What `Checker` returns: maps with keys that people choose become a Map. */
type Checked<T> = Omit<T, 'renditions'> & { renditions?: ReadonlyMap<string, RenditionKeys | undefined> }
export type CameraKeys = Checked<Static<typeof CameraSchema>>
export type DefaultKeys = Checked<Static<typeof DefaultsSchema>>
