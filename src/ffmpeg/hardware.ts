import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import type { Camera } from '../config/registry.js'
import { directInput } from './arguments.js'
import { trialClips } from './trial-clips.js'

/** What decodes pictures in the place of ffmpeg's own code, by the names of `hwaccel`. */
export type Hardware = Exclude<NonNullable<Camera['hwaccel']>, 'auto' | 'none'>

/** What decodes a camera's pictures. */
export interface Decoder {
  readonly name: Hardware | 'software'
  /** ffmpeg's arguments for it, in front of `-i`. */
  readonly args: readonly string[]
  /** Why it is software although hardware was asked for: a sentence. */
  readonly note?: string
}

export const software: Decoder = { name: 'software', args: [] }

/** A decoder that has not shown a picture after so long (milliseconds) never does; the first on a machine may load firmware. */
const TIME_LIMIT = 5_000

/**
 * What of /dev has to be there for each, in the order of preference: VA-API before CUDA, which takes some hundred MB for each process,
 * and before QSV, which is the same hardware through one layer more.
 */
const devices: ReadonlyArray<readonly [Hardware, RegExp]> = [
  ['vaapi', /^dri\/renderD\d+$/],
  ['cuda', /^nvidia\d+$|^dxg$/],
  ['qsv', /^dri\/renderD\d+$/],
  ['rkmpp', /^mpp_service$/],
  ['v4l2m2m', /^video\d+$/]
]

type Codec = keyof typeof trialClips

/** Our names of codecs by ffmpeg's and ours. */
const codecs: Readonly<Record<string, Codec>> = { h264: 'h264', hevc: 'h265', h265: 'h265' }
const called = { h264: 'H.264', h265: 'H.265' }

export interface DecodersParts {
  /** Names within /dev. */
  readonly listDevices: () => readonly string[]
  /** Of a trial, in milliseconds. */
  readonly timeLimit: number
}

/** The decoders of one ffmpeg on this machine. Each is tried once, with a few pictures, and what came of it remembered. */
export class Decoders {
  readonly #ffmpegPath: string
  readonly #closing: AbortSignal
  readonly #parts: DecodersParts
  /** By hardware and codec: why it does not work; undefined if it does. */
  readonly #trials = new Map<string, Promise<string | undefined>>()

  /** `closing` ends trials that are under way. */
  constructor (ffmpegPath: string, closing: AbortSignal, parts: DecodersParts = { listDevices, timeLimit: TIME_LIMIT }) {
    this.#ffmpegPath = ffmpegPath
    this.#closing = closing
    this.#parts = parts
  }

  /** The decoder for what a camera sends, `codec` in ffmpeg's words or ours: H.264 and H.265 alone are worth a hardware's while. */
  async choose (wanted: Camera['hwaccel'], codec: string | undefined): Promise<Decoder> {
    const known = codecs[codec ?? '']
    if (!known || wanted === undefined || wanted === 'none') return software
    const candidates = wanted === 'auto' ? this.#present() : [wanted]
    const trials = candidates.map(hardware => this.#problem(hardware, known)) // all begin now, and one that hangs holds up no better one
    const problems: string[] = []
    for (const [i, hardware] of candidates.entries()) {
      const problem = await trials[i]
      if (problem === undefined) return { name: hardware, args: decoderArguments(hardware, known) }
      problems.push(`${hardware} does not work here (${problem})`)
    }
    const why = problems.join(', ') || 'this machine has no device that could (/dev/dri/renderD128, /dev/nvidia0 and the like)'
    return { ...software, note: `${called[known]} is decoded in software, because ${why}.` }
  }

  #present (): Hardware[] {
    const there = this.#parts.listDevices()
    return devices.filter(([, device]) => there.some(name => device.test(name))).map(([hardware]) => hardware)
  }

  #problem (hardware: Hardware, codec: Codec): Promise<string | undefined> {
    const key = `${hardware} ${codec}`
    const trial = this.#trials.get(key) ?? this.#try(hardware, codec)
    this.#trials.set(key, trial)
    return trial
  }

  #try (hardware: Hardware, codec: Codec): Promise<string | undefined> {
    return new Promise<string | undefined>(resolve => {
      const options = { timeout: this.#parts.timeLimit, killSignal: 'SIGKILL' as const, signal: this.#closing }
      const child = execFile(this.#ffmpegPath, trialArguments(hardware, codec), options, (error, stdout, stderr) => {
        if (error === null && /^0,/m.test(stdout)) resolve(undefined)
        else if (error?.killed) resolve(`it did not answer within ${this.#parts.timeLimit / 1000} s`)
        else if (error?.signal) resolve(`it ended ffmpeg by ${error.signal}`)
        else resolve(complaint(stderr))
      })
      child.stdin?.on('error', () => {}).end(trialClips[codec]) // one that ends before it has read all of it says why by its exit
    }).catch((error: Error) => error.message) // ENOMEM and the like are thrown
  }
}

/** Whether ffmpeg says that this hardware does not take the stream: it then decodes it by itself. */
export const hasRefused = (stderr: readonly string[]): boolean => stderr.some(line => /hwaccel initiali[sz]ation returned error/.test(line))

/**
 * `-hwaccel` goes back to software where the hardware does not take a stream, and hands frames on in this machine's memory, where the filters
 * want them. The others are decoders of their own: QSV, too, whose `-hwaccel` leaves frames on the graphics card up to ffmpeg 7 at least,
 * and which would hold four pictures back.
 */
function decoderArguments (hardware: Hardware, codec: Codec): string[] {
  const decoder = `${{ h264: 'h264', h265: 'hevc' }[codec]}_${hardware}`
  switch (hardware) {
    case 'vaapi':
    case 'cuda': return ['-hwaccel', hardware]
    case 'qsv': return ['-c:v', decoder, '-async_depth', '1']
    case 'v4l2m2m':
    case 'rkmpp': return ['-c:v', decoder]
  }
}

/** The same as with a camera; where ffmpeg would go back to software, it is made to fail: software has nothing to download. */
function trialArguments (hardware: Hardware, codec: Codec): string[] {
  const args = decoderArguments(hardware, codec)
  const strict = args.includes('-hwaccel')
  return [
    '-hide_banner', '-nostats', '-loglevel', 'level+error',
    ...args, ...strict ? ['-hwaccel_output_format', hardware] : [], ...directInput(codec), '-i', 'pipe:0',
    '-vf', strict ? 'hwdownload,format=nv12' : 'format=yuv420p', '-f', 'framecrc', 'pipe:1'
  ]
}

/** The first thing that says more than that it did not work. */
function complaint (stderr: string): string {
  const said = [...stderr.matchAll(/\[(?:error|fatal|panic)\] (\S.*)/g)].map(([, what = '']) => what)
  return (said.find(what => !what.startsWith('Device creation failed')) ?? said[0] ?? 'it makes no pictures').slice(0, 200).replace(/\.+$/, '')
}

function listDevices (): string[] {
  const names = (folder: string) => {
    try {
      return readdirSync(folder)
    } catch {
      return [] // containers have what they were given
    }
  }
  return [...names('/dev'), ...names('/dev/dri').map(name => `dri/${name}`)]
}
