import { readFile } from 'node:fs/promises'
import { listFormats } from '../ffmpeg/device.js'
import { nothingToShow, v4l2Failure } from '../sources/v4l2.js'
import { parseFormats, type DeviceFormat } from '../v4l2/formats.js'
import { listNodes } from '../v4l2/nodes.js'

export interface Machine {
  /** Paths such as `/dev/video0`. */
  devices (): Promise<string[]>
  /** The device's name, if the machine has one for it. */
  nameOf (device: string): Promise<string | undefined>
  /** ffmpeg's output about the device. */
  listFormats (device: string): Promise<string>
}

/** The machine that camgate runs on. */
export const thisMachine = (ffmpegPath: string): Machine => ({
  devices: listNodes,
  nameOf: async device => {
    const name = await readFile(`/sys/class/video4linux/${device.slice('/dev/'.length)}/name`, 'utf8').catch(() => '')
    return name.replace(/\p{C}+/gu, ' ').trim().slice(0, 80) || undefined
  },
  listFormats: device => listFormats(ffmpegPath, device)
})

/** Lists a machine's webcams for people, and the lines of cameras.yaml that show the first one. */
export async function describeDevices (machine: Machine): Promise<string> {
  const found = await machine.devices()
  if (found.length === 0) return NONE
  const cameras: Array<{ device: string, name: string | undefined }> = []
  const lines: string[] = []
  for (const device of found) { // one after the other: a driver may allow only one at a time
    const name = await machine.nameOf(device)
    const output = await machine.listFormats(device)
    const formats = parseFormats(output)
    lines.push(name ? `${device}: ${name}` : device)
    if (formats.length > 0) {
      cameras.push({ device, name })
      lines.push(...formats.map(format => `  ${format.name.padEnd(8)} ${sizes(format)}`))
    } else {
      const source = { type: 'v4l2', device } as const
      lines.push(`  ${(v4l2Failure(source, output.split('\n')) ?? nothingToShow(source)).message}`)
    }
  }
  return [...lines, '', ...cameras[0] ? ['In cameras.yaml:', '', ...snippet(cameras[0])] : ['None of them can be shown.'], ''].join('\n')
}

const NONE = `There is no webcam: neither /dev/video0 nor any other.
Is it plugged in? In Docker, name it under devices: in compose.yaml. A Raspberry Pi's own camera is { type: picamera }.
`

/** Largest first. */
const sizes = ({ sizes, range }: DeviceFormat): string => range
  ? `any size from ${range.width.min}x${range.height.min} to ${range.width.max}x${range.height.max}`
  : sizes.toSorted((a, b) => b.width * b.height - a.width * a.height).map(({ width, height }) => `${width}x${height}`).join(' ')

const snippet = ({ device, name }: { device: string, name: string | undefined }): string[] => [
  'cameras:',
  '  webcam:',
  ...name ? [`    name: ${JSON.stringify(name)}`] : [],
  `    source: { type: v4l2, device: ${device} }`
]
