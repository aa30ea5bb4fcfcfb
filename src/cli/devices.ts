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

/** A webcam: its formats, or why it cannot be shown. */
export interface FoundDevice {
  readonly device: string
  readonly name: string | undefined
  readonly formats: readonly DeviceFormat[]
  readonly problem?: string
}

/** Reads all of a machine's webcams, one after the other: a driver may allow only one at a time. */
export async function readDevices (machine: Machine): Promise<FoundDevice[]> {
  const found: FoundDevice[] = []
  for (const device of await machine.devices()) {
    const name = await machine.nameOf(device)
    const output = await machine.listFormats(device)
    const formats = parseFormats(output)
    const source = { type: 'v4l2', device } as const
    found.push({ device, name, formats, ...formats.length === 0 && { problem: (v4l2Failure(source, output.split('\n')) ?? nothingToShow(source)).message } })
  }
  return found
}

/** Lists webcams for people, and the lines of cameras.yaml that show the first one. */
export function describeDevices (found: readonly FoundDevice[]): string {
  if (found.length === 0) return NONE
  const lines = found.flatMap(({ device, name, formats, problem }) => [
    name ? `${device}: ${name}` : device,
    ...formats.map(format => `  ${format.name.padEnd(8)} ${sizes(format)}`),
    ...problem === undefined ? [] : [`  ${problem}`]
  ])
  const shown = found.find(({ problem }) => problem === undefined)
  return [...lines, '', ...shown ? ['In cameras.yaml:', '', ...snippet(shown)] : ['None of them can be shown.'], ''].join('\n')
}

const NONE = `There is no webcam: neither /dev/video0 nor any other.
Is it plugged in? In Docker, name it under devices: in compose.yaml. A Raspberry Pi's own camera is { type: picamera }.
`

/** Largest first. */
const sizes = ({ sizes, range }: DeviceFormat): string => range
  ? `any size from ${range.width.min}x${range.height.min} to ${range.width.max}x${range.height.max}`
  : sizes.toSorted((a, b) => b.width * b.height - a.width * a.height).map(({ width, height }) => `${width}x${height}`).join(' ')

const snippet = ({ device, name }: FoundDevice): string[] => [
  'cameras:',
  '  webcam:',
  ...name ? [`    name: ${JSON.stringify(name)}`] : [],
  `    source: { type: v4l2, device: ${device} }`
]
