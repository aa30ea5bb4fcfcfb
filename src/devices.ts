import { readFile } from 'node:fs/promises'
import { listFormats } from './ffmpeg/device.js'
import { nothingToShow, v4l2Failure } from './sources/v4l2.js'
import { parseFormats, type DeviceFormat } from './v4l2/formats.js'
import { listNodes } from './v4l2/nodes.js'

export interface Machine {
  /** Such as `/dev/video0`. */
  devices (): Promise<string[]>
  /** What the device is called; undefined where the machine does not say. */
  nameOf (device: string): Promise<string | undefined>
  /** What ffmpeg says of it. */
  listFormats (device: string): Promise<string>
}

/** This one, by way of this ffmpeg. */
export const thisMachine = (ffmpegPath: string): Machine => ({
  devices: listNodes,
  nameOf: async device => {
    const name = await readFile(`/sys/class/video4linux/${device.slice('/dev/'.length)}/name`, 'utf8').catch(() => '')
    return name.replace(/\p{C}+/gu, ' ').trim().slice(0, 80) || undefined
  },
  listFormats: device => listFormats(ffmpegPath, device)
})

/** The webcams of a machine, for a person to read, and what to write to have the first of them shown. */
export async function describeDevices (machine: Machine): Promise<string> {
  const found = await machine.devices()
  if (found.length === 0) return NONE
  const cameras: Array<{ device: string, name: string | undefined }> = []
  const lines: string[] = []
  for (const device of found) { // one after the other: a driver may take but one
    const name = await machine.nameOf(device)
    const said = await machine.listFormats(device)
    const formats = parseFormats(said)
    lines.push(name ? `${device}: ${name}` : device)
    if (formats.length > 0) {
      cameras.push({ device, name })
      lines.push(...formats.map(format => `  ${format.name.padEnd(8)} ${sizes(format)}`))
    } else {
      const source = { type: 'v4l2', device } as const
      lines.push(`  ${(v4l2Failure(source, said.split('\n')) ?? nothingToShow(source)).message}`)
    }
  }
  return [...lines, '', ...cameras[0] ? ['In cameras.yaml:', '', ...snippet(cameras[0])] : ['None of them can be shown.'], ''].join('\n')
}

const NONE = `There is no webcam: no /dev/video0, nor another.
Is it plugged in? In Docker, name it under devices: in compose.yaml. A Raspberry Pi's own camera is { type: picamera }.
`

/** The largest first. */
const sizes = ({ sizes, range }: DeviceFormat): string => range
  ? `any size from ${range.width.least}x${range.height.least} to ${range.width.most}x${range.height.most}`
  : sizes.toSorted((a, b) => b.width * b.height - a.width * a.height).map(({ width, height }) => `${width}x${height}`).join(' ')

const snippet = ({ device, name }: { device: string, name: string | undefined }): string[] => [
  'cameras:',
  '  webcam:',
  ...name ? [`    name: ${JSON.stringify(name)}`] : [],
  `    source: { type: v4l2, device: ${device} }`
]
