import { posix } from 'node:path'
import { Type, type Static } from 'typebox'
import type { Failure } from '../failure/failure.js'
import { SourceError, type NamedInput } from './source.js'
import type { Mode } from '../v4l2/formats.js'
import type { Node } from '../v4l2/nodes.js'

export const V4l2Schema = Type.Object({
  type: Type.Literal('v4l2'),
  device: Type.Optional(Type.String({
    default: 'auto',
    description: 'Which device: auto is the first of /dev/video0 to 9 that gives pictures; `camgate devices` lists them. A path in /dev/v4l/by-id stays the same wherever the camera is plugged in.',
    examples: ['/dev/video0', 'auto']
  }))
}, { additionalProperties: false, description: 'A webcam or capture card of this machine (Linux). If it makes JPEGs, they are passed on.' })

/** It has a `mode` once the device's formats are known. */
export type V4l2Source = Required<Static<typeof V4l2Schema>> & { mode?: Mode }

/** The devices that `auto` tries, in this order. */
export const automatic: readonly string[] = Array.from({ length: 10 }, (_, n) => `/dev/video${n}`)

/** @throws {SourceError} */
export function normalizeV4l2 ({ device = 'auto' }: Static<typeof V4l2Schema>): V4l2Source {
  if (device === 'auto') return { type: 'v4l2', device }
  const path = posix.normalize(device)
  if (!/^\/dev\/[\w./:+-]{1,200}$/.test(path)) {
    throw new SourceError(`expected auto or a device such as ${/^\d+$/.test(device) ? `/dev/video${device}` : '/dev/video0'}, received ${JSON.stringify(device.slice(0, 60))}; camgate devices lists those that there are`, 'device')
  }
  return { type: 'v4l2', device: path }
}

export const v4l2Label = ({ device }: V4l2Source): string => device === 'auto' ? 'the first webcam' : device

/** Drivers round the rate to one that they support, and none supports less than this. */
const MIN_FPS = 5

export function v4l2Input ({ source: { device, mode }, fps = 20 }: { source: V4l2Source, fps?: number }): NamedInput {
  return {
    args: [
      '-flags', 'low_delay', '-threads', '1', '-probesize', '32', '-fpsprobesize', '0', '-f', 'v4l2',
      ...mode ? ['-input_format', mode.format] : [], ...mode?.size ? ['-video_size', `${mode.size.width}x${mode.size.height}`] : [],
      '-framerate', String(Math.max(MIN_FPS, fps))
    ],
    name: device
  }
}

const plug = 'Is it plugged in? In Docker, name it under devices: in compose.yaml.'

/** `/dev/video0, /dev/video1 and 3 more`: a machine may have dozens. */
function listed (devices: readonly string[]): string {
  const [named, more] = [devices.slice(0, 4), devices.length - 4]
  const last = more > 0 ? `${more} more` : named.pop()
  return named.length > 0 ? `${named.join(', ')} and ${last}` : last!
}

const noCamera = (device: string, there: readonly string[]): string =>
  `There is no camera at ${device}: ${there.length > 0 ? `this machine has ${listed(there)}` : 'this machine has no webcam'}. ${plug}`

const WITHOUT_V4L2 = 'This ffmpeg was built without v4l2 and cannot read devices. Install your system\'s ffmpeg (Linux), or set FFMPEG_PATH.'

const signs: ReadonlyArray<readonly [RegExp, Failure['code'], (device: string) => string]> = [
  [/Unknown input format: '?v4l2/, 'unsupported', () => WITHOUT_V4L2],
  [/Permission denied|Operation not permitted/, 'not-permitted', device =>
    `camgate may not open ${device}. Add the user that it runs as to the group video (sudo usermod -aG video USER, then log in again); in Docker, name the device under devices: and the group under group_add: in compose.yaml.`],
  [/Device or resource busy/, 'busy', device => `${device} is used by another program, and serves one at a time. Close the other one.`],
  [/No space left on device/, 'busy', device => `The USB bus has no room left for ${device} beside what else is plugged in. Use a USB port of another bus, or a smaller width for both cameras.`],
  [/Not a video capture device|Inappropriate ioctl/, 'unsupported', device => `${device} gives no pictures: it is no camera, or the second device of one, which only describes the pictures. Take another; camgate devices lists them.`],
  [/Cannot open video device|No such (file|device)|Input\/output error/, 'no-device', device =>
    `The camera at ${device} does not answer. Is it still plugged in? camgate devices lists what there is.`]
]

/** The failure that ffmpeg's last lines mean for a device; undefined if no pattern matches. */
export function v4l2Failure ({ device }: V4l2Source, stderr: readonly string[]): Failure | undefined {
  const [, code, message] = signs.find(([sign]) => stderr.some(line => sign.test(line))) ?? []
  return code && message && deviceFailure(code, message(device))
}

const deviceFailure = (code: Failure['code'], message: string): Failure => ({ code, message, deviceFault: true })

/** The failure of a device that could be opened but lists no formats. */
export const nothingToShow = (source: V4l2Source): Failure => v4l2Failure(source, ['Not a video capture device'])!

/** The failure that shows without opening the device; undefined if it can be opened. `there` lists this machine's devices. */
export function nodeFailure (source: V4l2Source, node: Node, there: readonly string[]): Failure | undefined {
  switch (node) {
    case 'device': return undefined
    case 'forbidden': return v4l2Failure(source, ['Permission denied'])
    case 'missing': return deviceFailure('no-device', noCamera(source.device, there))
    case 'folder': return deviceFailure('no-device', `${source.device} is a folder: Docker makes one where a volume is to be a device that is not there. ${plug}`)
    case 'file': return deviceFailure('no-device', `${source.device} is a file, not a device. Take another; camgate devices lists them.`)
  }
}

/** The failure if other cameras of cameras.yaml name or read these devices. */
export const taken = (devices: readonly string[]): Failure => ({
  code: 'busy',
  message: `${listed(devices)} ${devices.length > 1 ? 'are' : 'is'} taken by ${devices.length > 1 ? 'other cameras' : 'another camera'} of cameras.yaml. Plug in another webcam, or take this camera out of the file.`
})

/** The failure if `auto` finds nothing to try. `there` lists devices with other numbers. */
export const noWebcam = (there: readonly string[]): Failure => ({
  code: 'no-device',
  message: `There is no webcam at /dev/video0 to /dev/video9${there.length > 0 ? `, but there is ${listed(there)}: if it is the one, name it as device:` : ''}. ${plug}`
})

/** Of the failures of `devices`, the one that a user can do the most about; `others` are taken. */
export function worstOf (failures: readonly Failure[], devices: readonly string[], others: readonly string[] = []): Failure {
  const first = failures.find(({ code }) => code === 'not-permitted') ?? failures.find(({ code }) => code === 'busy') ?? failures.find(({ message }) => message === WITHOUT_V4L2)
  if (first) return first
  if (others.length > 0) return taken(others)
  return failures.length === 1
    ? failures[0]!
    : {
        code: 'no-device',
        message: `There is no webcam among ${listed(devices)}: none of them gives pictures. camgate devices shows more. ${plug}`
      }
}
